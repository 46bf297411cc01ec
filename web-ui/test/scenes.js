/**
 * What the fake core holds when a page of the harness opens.
 * @import { FakeCore } from './fake-core.js'
 */

const MINUTE = 60_000;
const DAY = 86_400_000;

/** @param {FakeCore} fake */
function ready(fake) {
  fake.session = {
    phase: 'ready',
    username: 'alice',
    accountId: 'account-alice',
    deviceId: 1,
    secondDevice: fake.secondDevice,
  };
}

/** Noon, so that no row of a scene falls on the other side of midnight. @param {number} daysAgo */
const noon = (daysAgo) => new Date(Date.now() - daysAgo * DAY).setHours(12, 0, 0, 0);

/** @type {[days: number, minute: number, direction: 'in' | 'out', text: string][]} */
const TALK = [
  [9, 0, 'out', 'Hi Bob, it’s Alice. New messenger, same me 🙂'],
  [9, 6, 'in', 'Finally! Is this the one without a cloud?'],
  [9, 7, 'out', 'Yes. Straight from my browser to yours when we are both online.'],
  [9, 7, 'out', 'And if not, the server keeps an envelope that it cannot open.'],
  [
    2,
    0,
    'in',
    'Are we still on for Thursday? The trail around the lake should be dry by then, and I would like to take the long way past the old mill.',
  ],
  [2, 3, 'out', 'Absolutely'],
  [2, 3, 'out', 'Map: https://maps.example.org/lake?loop=long.'],
  [2, 10, 'in', '👍'],
  [2, 40, 'in', 'مرحبا، هذه رسالة من اليمين إلى اليسار'],
  [1, 0, 'in', 'Bread or soup?'],
  [
    1,
    1,
    'out',
    'Soup. I bring the thermos, you bring the spoons, and if it rains we eat in the car with the heating on like last year.',
  ],
  [1, 2, 'in', 'Deal 🥣🚗'],
  [0, -40, 'in', 'Leaving in an hour'],
  [0, -39, 'in', 'Do you have the blue rope?'],
  [0, -30, 'out', 'In the trunk'],
  [0, -30, 'out', 'see you soon'],
];

/** @param {FakeCore} fake */
function talk(fake) {
  ready(fake);
  const now = Date.now();
  fake.addChat('bob', { path: 'direct' });
  for (const [days, minute, direction, text] of TALK) {
    fake.addRow('chat-bob', {
      direction,
      text,
      sentMs: Math.min(noon(days), days ? Infinity : now) + minute * MINUTE,
    });
  }
  fake.addChat('carol', { unread: 12, path: 'relayed' });
  for (let n = 1; n <= 12; n++)
    fake.addRow('chat-carol', { text: `Icon draft ${n} is in the folder`, sentMs: now - (90 - n) * MINUTE });
  fake.addChat('dave', { draft: 'I will call you on' });
  fake.addRow('chat-dave', { text: 'Call me when you can', sentMs: noon(3) });
  fake.addChat('maximiliana.von-und-zu-der-tann', { accepted: false, unread: 1 });
  fake.addRow('chat-maximiliana.von-und-zu-der-tann', {
    text: 'Hello! We met at the book fair, do you remember?',
    sentMs: noon(4),
  });
  fake.addChat('eve', { identityWarning: true });
  fake.addRow('chat-eve', { direction: 'out', state: 'sent', text: 'Is that really you?', sentMs: noon(20) });
}

/** @type {Record<string, (fake: FakeCore) => void>} */
export const scenes = {
  signedOut() {},
  slow(fake) {
    fake.delays.set('start', 1000);
  },
  locked(fake) {
    talk(fake);
    fake.session = { phase: 'locked', username: 'alice' };
  },
  elsewhere(fake) {
    talk(fake);
    fake.session = { phase: 'elsewhere' };
  },
  wrongHost(fake) {
    fake.session = { phase: 'wrong-host', canonicalUrl: 'https://chat.example.org:8443/' };
  },
  signedOutByServer(fake) {
    fake.session = { phase: 'signed-out-by-server', username: 'alice' };
  },
  empty: ready,
  secondDevice(fake) {
    fake.secondDevice = true;
    ready(fake);
    fake.addChat('bob');
    fake.addRow('chat-bob', { text: 'This one came after you signed in here', sentMs: Date.now() });
  },
  fresh(fake) {
    ready(fake);
    fake.addChat('bob', { theyAccepted: false });
    fake.addRow('chat-bob', { direction: 'out', state: 'sent', text: 'Hello Bob', sentMs: Date.now() });
  },
  talk,
  gaps(fake) {
    talk(fake);
    const order = (/** @type {number} */ fromEnd) => fake.threads.get('chat-bob')?.at(-fromEnd)?.order ?? 0;
    fake.changeGaps('chat-bob', [
      { order: order(5), count: 3, lost: true },
      { order: order(3), count: 1, lost: false },
    ]);
  },
  expired(fake) {
    talk(fake);
    fake.expired = 3;
  },
  delays(fake) {
    talk(fake);
    const now = Date.now();
    const wait = { untilMs: now + 2 * DAY, last: false };
    const mine = /** @type {const} */ ({ direction: 'out', state: 'sending' });
    fake.addRow('chat-bob', { ...mine, text: 'Is there room?', mailboxFull: true });
    fake.changeChat('chat-bob', { delay: { why: 'mailbox-full', nextTryMs: now + 10 * MINUTE } });
    fake.addRow('chat-carol', { ...mine, text: 'The final icons' });
    fake.changeChat('chat-carol', { delay: { why: 'server', nextTryMs: now + 5000 } });
    const text = 'Are you on holiday?';
    fake.addRow('chat-dave', { direction: 'out', state: 'sent', text, sentMs: noon(28), wait });
    fake.changeChat('chat-dave', { wait, draft: '' });
    fake.addChat('frank', { wait: { untilMs: now + 25 * DAY, last: true } });
    fake.addRow('chat-frank', { direction: 'out', state: 'failed', text: 'Hello?', sentMs: noon(70) });
    const again = { untilMs: now + 25 * DAY, last: true };
    const row = { text: 'Hello once more', sentMs: noon(35), wait: again };
    fake.addRow('chat-frank', { direction: 'out', state: 'sent', ...row });
  },
  long(fake) {
    ready(fake);
    fake.addChat('bob', { path: 'direct' });
    for (let n = 1; n <= 1000; n++) {
      const direction = n % 3 === 0 ? 'out' : 'in';
      const text = `${n} ${'words and more words '.repeat(n % 7)}`;
      fake.addRow('chat-bob', { direction, text, sentMs: noon(20) + n * 20 * MINUTE });
    }
  },
  unread(fake) {
    ready(fake);
    fake.addChat('bob', { unread: 30 });
    for (let n = 1; n <= 100; n++)
      fake.addRow('chat-bob', { text: `Message ${n}`, sentMs: noon(1) + n * MINUTE });
  },
};
