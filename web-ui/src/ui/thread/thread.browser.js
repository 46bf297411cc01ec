import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windows } from '../../../test/window.js';

const open = windows();
const TOUCH = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };

test('the own row stands in the same frame as Enter, and is the stored one later', async () => {
  const { page, chat, message, log, said } = await open('talk');
  await chat('bob').click();
  await page.evaluate(() => fake.delays.set('sendText', 200));
  await message.fill('right now');
  const shown = await message.evaluate((box) => {
    box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    const last = [...document.querySelectorAll('[role=log] article')].at(-1);
    Object.assign(window, { last });
    return (
      last?.textContent?.includes('right now') && last.querySelector('[role=img]')?.getAttribute('aria-label')
    );
  });

  assert.equal(shown, 'Sending');
  assert.equal(await message.inputValue(), '');
  await log.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  assert.equal(
    await page.evaluate(
      () => [...document.querySelectorAll('[role=log] article')].at(-1) === Reflect.get(window, 'last'),
    ),
    true,
  );
  assert.deepEqual(said, []);
});

test('shows each send state with its label', async () => {
  const { page, chat, message, log } = await open('talk');
  await chat('bob').click();
  await message.fill('ticks');
  await page.keyboard.press('Enter');
  const row = log.getByRole('article').filter({ hasText: 'ticks' });
  await row.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  for (const [state, label] of [
    ['delivered', 'Delivered'],
    ['read', 'Read'],
  ]) {
    await page.evaluate((next) => {
      const row = fake.threads.get('chat-bob')?.at(-1);
      fake.changeRow('chat-bob', row?.id ?? '', { state: /** @type {any} */ (next) });
    }, state);
    await row.getByRole('img', { name: label, exact: true }).waitFor();
  }
});

test('Enter sends, Shift+Enter makes a line, an input method keeps its Enter', async () => {
  const { page, chat, message, calls, log } = await open('talk');
  await chat('bob').click();
  await message.fill('one');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('two');
  await message.evaluate((box) => {
    for (const init of [{ isComposing: true }, { keyCode: 229 }]) {
      box.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...init }),
      );
    }
  });
  assert.equal(await message.inputValue(), 'one\ntwo');
  await page.keyboard.press('Enter');

  // The row stands before the core is asked; its tick comes after.
  await log
    .getByRole('article')
    .filter({ hasText: 'one\ntwo' })
    .getByRole('img', { name: 'Sent', exact: true })
    .waitFor();
  assert.deepEqual(
    (await calls('sendText')).map(({ text }) => text),
    ['one\ntwo'],
  );
});

test('on touch Enter makes a line and the button sends, keeping the focus', async () => {
  const { page, chat, button, message, log } = await open('talk', TOUCH);
  await chat('bob').tap();
  await message.tap();
  await page.keyboard.type('a');
  await page.keyboard.press('Enter');
  await page.keyboard.type('b');
  assert.equal(await message.inputValue(), 'a\nb');
  await button('Send').tap();

  await log.getByText('a\nb').waitFor();
  assert.equal(await message.evaluate((element) => element === document.activeElement), true);
});

test('a draft is saved within 300 ms of typing and comes back with its chat', async () => {
  const { page, chat, row, message } = await open('talk');
  await chat('bob').click();
  await page.evaluate(() => {
    const box = /** @type {HTMLTextAreaElement} */ (document.querySelector('textarea'));
    box.value = 'later';
    box.dispatchEvent(new Event('input', { bubbles: true }));
    Object.assign(window, { typedAt: performance.now() });
  });
  await page.waitForFunction(() => fake.calls.some(({ method }) => method === 'saveDraft'), null, {
    polling: 5,
  });
  // The machine of the test may be slow: what is measured is the timer, in the page.
  assert.ok((await page.evaluate(() => performance.now() - Reflect.get(window, 'typedAt'))) < 2000);

  await chat('carol').click();
  await row('bob').getByText('Draft:').waitFor();
  assert.equal(await message.inputValue(), '');
  await chat('dave').click();
  assert.equal(await message.inputValue(), 'I will call you on');
  await chat('bob').click();
  assert.equal(await message.inputValue(), 'later');
});

test('a full mailbox is told at the message and above the composer, and can be tried at once', async () => {
  const { page, chat, log, button, calls, announced } = await open('delays');
  await chat('bob').click();
  const row = log.getByRole('article').filter({ hasText: 'Is there room?' });
  await row.getByText('Their mailbox is full. It is tried again.').waitFor();
  await row.getByRole('img', { name: 'Sending' }).waitFor();
  const hint = page.getByRole('main').getByText(/The mailbox of bob is full\. .* Next try at \d+:\d+/);
  await hint.waitFor();
  assert.match(await announced(), /The mailbox of bob is full/);

  const tryNow = button('Try now').filter({ visible: true });
  await tryNow.focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => fake.calls.some(({ method }) => method === 'tryConnectNow'));
  assert.equal((await calls('tryConnectNow')).length, 1);
  await page.evaluate(() => {
    const nextTryMs = Date.now() + 5000;
    fake.changeChat('chat-bob', { delay: { why: 'mailbox-full', nextTryMs } });
  });
  await page.getByText(/Next try in a moment/).waitFor();
  assert.equal(await tryNow.evaluate((element) => element === document.activeElement), true);

  await page.evaluate(() => {
    const id = fake.threads.get('chat-bob')?.at(-1)?.id ?? '';
    fake.changeRow('chat-bob', id, { state: 'sent', mailboxFull: undefined });
    fake.changeChat('chat-bob', { delay: undefined });
  });
  await row.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  await row.getByText('Their mailbox is full').waitFor({ state: 'hidden' });
  await tryNow.waitFor({ state: 'detached' });
});

test('a server that takes no messages is told of, and what is written keeps its clock', async () => {
  const { page, chat, log } = await open('delays');
  await chat('carol').click();
  await page.getByRole('main').getByText('The server takes no messages at the moment.').waitFor();
  await log
    .getByRole('article')
    .filter({ hasText: 'The final icons' })
    .getByRole('img', { name: 'Sending' })
    .waitFor();
});

test('a message that waits on the server says until when, in words when that is near', async () => {
  const { page, chat, log, row } = await open('delays');
  await row('dave').getByText('Not collected yet').waitFor();
  assert.equal(await row('frank').getByText('Not collected yet').count(), 0);
  await chat('dave').click();
  const soon = log.getByRole('article').filter({ hasText: 'Are you on holiday?' });
  await soon.getByText(/Waits on the server until .*\d+.*, then it is sent once more\./).waitFor();
  await page.getByText(/dave has not collected everything that you wrote\./).waitFor();

  await chat('frank').click();
  const later = log.getByRole('article').filter({ hasText: 'Hello once more' });
  const state = later.getByRole('img', { name: 'Sent', exact: true });
  assert.match(
    (await state.getAttribute('title')) ?? '',
    /^Sent a second time\. Waits on the server until .*\d+.*, then it counts as not sent\.$/,
  );
  assert.equal(await later.getByText('Waits on the server').count(), 0);
});

test('a message that was given up is sent again as another one', async () => {
  const { chat, log, calls } = await open('delays');
  await chat('frank').click();
  const given = log.getByRole('article').filter({ hasText: 'Not delivered: nobody collected it in time.' });
  await given.getByRole('button', { name: 'Send again' }).click();
  await log
    .getByRole('article')
    .filter({ hasText: 'Hello?' })
    .nth(1)
    .getByRole('img', { name: 'Sent', exact: true })
    .waitFor();
  const [sent] = await calls('sendText');
  assert.equal(sent.text, 'Hello?');
  assert.equal(await given.count(), 1, 'the old one stays what it is');
});

test('a message that the core cannot take stays with its reason, and can be retried or edited', async () => {
  const { page, chat, message, log, button, calls } = await open('talk');
  await chat('bob').click();
  await page.evaluate(() => fake.faults.set('sendText', { code: 'storage-full' }));
  await message.fill('keep me');
  await page.keyboard.press('Enter');
  await log.getByText('Not sent. This browser’s storage is full.').waitFor();
  assert.equal(await page.evaluate(() => app.messages.unsafe.peek()), true);
  await page.waitForFunction(() =>
    fake.calls.some(({ method, params }) => method === 'saveDraft' && params.text === 'keep me'),
  );

  await chat('carol').click();
  await chat('bob').click();
  await button('Retry').click();
  await log
    .getByRole('article')
    .filter({ hasText: 'keep me' })
    .getByRole('img', { name: 'Sent', exact: true })
    .waitFor();
  const sent = await calls('sendText');
  assert.equal(sent[0].id, sent[1].id);
  assert.equal(await page.evaluate(() => app.messages.unsafe.peek()), false);

  await page.evaluate(() => fake.faults.set('sendText', { code: 'defect' }));
  await message.fill('change me');
  await page.keyboard.press('Enter');
  await button('Edit').click();
  assert.equal(await message.inputValue(), 'change me');
});

test('a text that is too long is not sent and not lost', async () => {
  const { page, chat, message, calls } = await open('talk');
  await chat('bob').click();
  await message.fill('x'.repeat(16_001));
  await page.keyboard.press('Enter');

  await page.getByText('That message is too long').waitFor();
  assert.equal((await message.inputValue()).length, 16_001);
  assert.deepEqual(await calls('sendText'), []);
});

test('opens at the first unread row, marks what was on the screen, and counts the rest', async () => {
  const { page, chat, row, log, calls } = await open('unread');
  await chat('bob').click();
  const divider = log.getByRole('heading', { name: '30 unread messages' });
  await divider.waitFor();

  const box = await divider.boundingBox();
  const pane = await page.locator('.thread-scroller').boundingBox();
  assert.ok(box && pane && box.y >= pane.y && box.y < pane.y + 120);
  await page.getByRole('button', { name: /^Jump to latest, \d+ new messages/ }).click();
  await page.waitForFunction(() =>
    fake.calls.some(({ method, params }) => method === 'markRead' && params.order === 100),
  );
  const orders = (await calls('markRead')).map(({ order }) => order);
  assert.ok(orders[0] > 70 && orders[0] < 100, String(orders));
  await divider.waitFor();
  await row('bob').getByText('Yesterday').waitFor();
  assert.equal(await page.title(), 'bob · Messenger P2P');
});

test('does not mark what a hidden window got', async () => {
  const { page, chat, calls, log } = await open('talk');
  await chat('bob').click();
  await log.getByText('see you soon').waitFor();
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'hidden', configurable: true });
    fake.receive('chat-bob', 'unseen');
  });
  await log.getByText('unseen').waitFor();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  assert.deepEqual(await calls('markRead'), []);

  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.waitForFunction(() => fake.calls.some(({ method }) => method === 'markRead'));
});

test('follows the end only from near it, and offers the way back', async () => {
  const { page, chat, log } = await open('long');
  await chat('bob').click();
  const last = log.getByText(/^1000 /);
  await last.waitFor();
  await page.evaluate(() => fake.receive('chat-bob', 'at the end'));
  await log.getByText('at the end').waitFor();
  const scroller = page.locator('.thread-scroller');
  await page.waitForFunction(() => Math.abs(document.querySelector('.thread-scroller')?.scrollTop ?? 9) < 2);

  await scroller.evaluate((element) => {
    element.scrollTop = -600;
  });
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor();
  await page.evaluate(() => fake.receive('chat-bob', 'below'));
  await page.getByRole('button', { name: 'Jump to latest, 1 new message' }).waitFor();
  assert.ok((await scroller.evaluate((element) => element.scrollTop)) < -500);
  await page.getByRole('button', { name: 'Jump to latest' }).click();

  await page.waitForFunction(() => Math.abs(document.querySelector('.thread-scroller')?.scrollTop ?? 9) < 2);
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor({ state: 'hidden' });
});

test('keeps at most 240 rows on the page and what is read in its place, all the way up and down', async () => {
  const { page, chat, log, rows } = await open('long');
  await chat('bob').click();
  await log.getByText(/^1000 /).waitFor();
  const walk = (/** @type {number} */ step, /** @type {string} */ goal) =>
    page.evaluate(
      async ([by, wanted]) => {
        const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        const scroller = /** @type {HTMLElement} */ (document.querySelector('.thread-scroller'));
        const articles = () => [...document.querySelectorAll('[role=log] article')];
        let most = 0;
        let drift = 0;
        for (let steps = 0; steps < 200; steps++) {
          scroller.scrollTop += Number(by);
          await frame();
          const edge = scroller.getBoundingClientRect().top + 200;
          const anchor = articles().find((article) => article.getBoundingClientRect().bottom > edge);
          const before = anchor?.getBoundingClientRect().top ?? 0;
          const top = scroller.scrollTop;
          for (let frames = 0; frames < 3; frames++) await frame();
          // Rows were put in or taken out in these frames; what is read must not have moved.
          if (anchor?.isConnected)
            drift = Math.max(drift, Math.abs(anchor.getBoundingClientRect().top - before));
          most = Math.max(most, articles().length);
          const texts = [...document.querySelectorAll('[role=log] .message-text')];
          const end = texts.some((text) => text.textContent?.startsWith(String(wanted)));
          if (end && Math.abs(scroller.scrollTop - top) < 1) return { most, drift, arrived: true };
        }
        return { most, drift, arrived: false };
      },
      [step, goal],
    );

  const up = await walk(-700, '1 words');
  assert.ok(up.arrived, 'the first row is reached');
  assert.ok(up.most <= 240, `${up.most} rows`);
  assert.ok(up.drift <= 1, `${up.drift} px`);
  const down = await walk(700, '1000 words');
  assert.ok(down.arrived, 'and the last one again');
  assert.ok(down.most <= 240, `${down.most} rows`);
  assert.ok(down.drift <= 1, `${down.drift} px`);
  assert.ok((await rows.count()) <= 240);
});

test('says days as people do, and a late message by its own date', async () => {
  const { page, chat, log } = await open('talk');
  await chat('bob').click();
  for (const words of ['Today', 'Yesterday'])
    await log.getByRole('separator').filter({ hasText: words }).waitFor({ state: 'attached' });
  await page.evaluate(() =>
    fake.receive('chat-bob', 'from last week', { sentMs: Date.now() - 7 * 86_400_000 }),
  );

  const late = log.getByRole('article').filter({ hasText: 'from last week' });
  assert.match((await late.locator('time').textContent()) ?? '', /[A-Z][a-z]{2} \d/);
  assert.equal(await log.getByRole('separator').last().textContent(), 'Today');
});

test('says the path by name and explains all three', async () => {
  const { page, chat } = await open('talk');
  await chat('bob').click();
  for (const [path, name] of [
    ['direct', /^Direct/],
    ['relayed', /^Relayed/],
    ['server', /^Through server/],
  ]) {
    await page.evaluate(
      (next) => fake.changeChat('chat-bob', { path: /** @type {any} */ (next) }),
      /** @type {string} */ (path),
    );
    await page.getByRole('button', { name }).waitFor();
  }
  await page.getByRole('button', { name: /^Through server/ }).click();
  const sheet = page.getByRole('dialog', { name: 'How messages travel' });
  assert.equal(await sheet.getByRole('listitem').count(), 3);
  assert.deepEqual(await sheet.evaluate(asIsRead), await page.locator('body').evaluate(asIsRead));
  await sheet.getByRole('button', { name: 'Close' }).click();
  await sheet.waitFor({ state: 'detached' });
});

/** @param {Element} element */
function asIsRead(element) {
  const { color, fontSize, fontWeight } = getComputedStyle(element);
  return { color, fontSize, fontWeight };
}

test('beside the paths, "relay only" is set for this contact alone', async () => {
  const { page, chat, calls, said } = await open('talk');
  const sheet = page.getByRole('dialog', { name: 'How messages travel' });
  const relayOnly = page.getByRole('switch', { name: /^Relay only with (bob|carol)$/ });
  const look = async (/** @type {string} */ name) => {
    await chat(name).click();
    await page.getByRole('heading', { name, exact: true }).waitFor();
    await page.getByRole('button', { name: /How messages travel/ }).click();
    await sheet.waitFor();
  };
  const leave = async () => {
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  };
  await look('bob');
  await page.getByRole('switch', { name: 'Relay only with bob', exact: true }).waitFor();
  assert.equal(await relayOnly.isChecked(), false);
  await sheet.getByText('so bob doesn’t learn your IP address').waitFor();
  await relayOnly.check();
  await page.waitForFunction(() => fake.calls.some(({ method }) => method === 'changeSettings'));
  const bob = await page.evaluate(() => fake.chats().find(({ id }) => id === 'chat-bob')?.accountId ?? '');
  assert.deepEqual(await calls('changeSettings'), [{ relayOnlyWith: { [bob]: true } }]);
  await leave();

  await look('carol');
  await sheet.getByText('so carol doesn’t learn your IP address').waitFor();
  assert.equal(await relayOnly.isChecked(), false, 'another one');
  await page.evaluate(() => fake.changeSettings({ relayOnly: true }));
  await sheet.getByText('It is on for all your contacts').waitFor();
  assert.equal(await relayOnly.isChecked(), true);
  assert.equal(await relayOnly.isDisabled(), true);
  await leave();
  await page.evaluate(() => fake.changeSettings({ relayOnly: false }));
  await look('bob');
  await sheet.getByText('so bob doesn’t learn your IP address').waitFor();
  assert.equal(await relayOnly.isChecked(), true, 'as it was');
  assert.deepEqual(said, []);
});

test('"relay only" with a contact that was not kept is taken back and said', async () => {
  const { page, chat } = await open('talk');
  await page.evaluate(() => fake.faults.set('changeSettings', { code: 'storage-full' }));
  await chat('bob').click();
  await page.getByRole('button', { name: /How messages travel/ }).click();
  const relayOnly = page.getByRole('switch', { name: 'Relay only with bob' });
  await relayOnly.click();
  await page.getByRole('alert').getByText('This browser’s storage is full').waitFor();
  assert.equal(await relayOnly.isChecked(), false);
});

test('announces what comes in, and not what was already there or is the own', async () => {
  const { page, chat, log, announced, message } = await open('talk');
  await chat('bob').click();
  await log.getByText('see you soon').waitFor();
  await message.fill('mine');
  await page.keyboard.press('Enter');
  await log.getByRole('img', { name: 'Sent', exact: true }).waitFor();
  assert.equal(await announced(), '');
  await page.evaluate(() => fake.receive('chat-bob', 'hello there'));
  await log.getByText('hello there').waitFor();

  assert.equal(await announced(), 'bob: hello there');
  assert.equal(await log.getAttribute('aria-live'), 'off');
});

test('arrow keys go from row to row', async () => {
  const { page, chat, rows } = await open('talk');
  await chat('bob').click();
  await rows.last().focus();
  await page.keyboard.press('ArrowUp');
  assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? '', /In the trunk/);
  await page.keyboard.press('Home');
  assert.match(
    (await page.evaluate(() => document.activeElement?.textContent)) ?? '',
    /New messenger, same me/,
  );
  await page.keyboard.press('End');
  assert.match((await page.evaluate(() => document.activeElement?.textContent)) ?? '', /see you soon/);
});

test('typing anywhere writes the message', async () => {
  const { page, chat, message } = await open('talk');
  await chat('bob').click();
  await chat('carol').focus();
  await page.keyboard.type('hi');

  assert.equal(await message.inputValue(), 'hi');
});

test('text over several bubbles is copied with who and when', async () => {
  const { page, chat, rows } = await open('talk');
  await chat('bob').click();
  await rows.last().waitFor();
  const copied = await page.evaluate(() => {
    const texts = [...document.querySelectorAll('.message-text')];
    const range = document.createRange();
    range.setStart(/** @type {Node} */ (texts.at(-2)), 0);
    range.setEnd(/** @type {Node} */ (texts.at(-1)), 1);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
    const event = new ClipboardEvent('copy', {
      bubbles: true,
      cancelable: true,
      clipboardData: new DataTransfer(),
    });
    texts.at(-1)?.dispatchEvent(event);
    return event.clipboardData?.getData('text/plain');
  });

  assert.match(copied ?? '', /^\[.+\] You: In the trunk\n\[.+\] You: see you soon$/);
});

test('links are real, open elsewhere, and show what a look-alike host is', async () => {
  const { page, chat, log } = await open('talk');
  await chat('bob').click();
  await page.evaluate(() => fake.receive('chat-bob', '<b>x</b> https://аpple.example/a?b=1).'));
  const link = log.getByRole('link').filter({ hasText: 'pple' });

  assert.equal(await link.textContent(), 'https://аpple.example/a?b=1 (xn--pple-43d.example)');
  assert.equal(await link.getAttribute('rel'), 'noopener noreferrer');
  await log.getByText('<b>x</b>').waitFor();
});

test('an identity that does not check out blocks sending and keeps the text', async () => {
  const { page, chat, message, calls } = await open('talk');
  await chat('eve').click();
  await page.getByRole('alert').filter({ hasText: 'does not check out' }).waitFor();
  await message.fill('are you there');
  await page.keyboard.press('Enter');

  assert.deepEqual(await calls('sendText'), []);
  assert.equal(await message.inputValue(), 'are you there');
});

test('an identity is trusted again by the button of the question alone, and a failure is told in it', async () => {
  const { page, chat, message, calls } = await open('talk');
  await chat('eve').click();
  const ask = page.getByRole('button', { name: 'Trust again…' });
  const question = page.getByRole('dialog', { name: 'Trust eve again?' });
  await ask.click();
  await question.getByText('on the telephone or face to face').waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  await ask.click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await question.waitFor({ state: 'detached' });
  assert.deepEqual(await calls('trustIdentity'), []);

  await page.evaluate(() => fake.faults.set('trustIdentity', { code: 'server-unreachable' }));
  await ask.click();
  await question.getByRole('button', { name: 'Trust again', exact: true }).click();
  await question.getByRole('alert').getByText('cannot be reached').waitFor();
  await question.getByRole('button', { name: 'Trust again', exact: true }).click();
  await question.waitFor({ state: 'detached' });
  await ask.waitFor({ state: 'detached' });
  await message.fill('is it you');
  await page.keyboard.press('Enter');
  await page.getByRole('article').filter({ hasText: 'is it you' }).waitFor();
});

test('while the server is asked, the question of trust stays for the answer', async () => {
  const { page, chat, calls } = await open('talk');
  await chat('eve').click();
  await page.evaluate(() => fake.delays.set('trustIdentity', 1500));
  const ask = page.getByRole('button', { name: 'Trust again…' });
  const question = page.getByRole('dialog', { name: 'Trust eve again?' });
  await ask.click();
  await question.getByRole('button', { name: 'Trust again', exact: true }).click();
  await question.getByRole('button', { name: 'Asking the server…' }).waitFor();
  const cancel = question.getByRole('button', { name: 'Cancel' });
  assert.equal(await cancel.getAttribute('aria-disabled'), 'true');
  await cancel.click({ force: true });
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  assert.equal(await question.isVisible(), true);
  assert.equal(await ask.count(), 1, 'not answered yet');
  await question.waitFor({ state: 'detached' });
  assert.equal((await calls('trustIdentity')).length, 1);
});

test('says at its place what is missing, whether it is waited for, and nothing once it has come', async () => {
  const { page, chat, log, said } = await open('gaps');
  await chat('bob').click();
  const lost = log.getByRole('note', { name: '3 messages are lost here. Ask bob to send them again.' });
  const open1 = log.getByRole('note', { name: '1 message could not be read yet.' });
  await lost.waitFor();
  const after = (/** @type {typeof lost} */ note) =>
    note.evaluate((element) => element.nextElementSibling?.querySelector('.message-text')?.textContent);
  assert.equal(await after(lost), 'Deal 🥣🚗');
  assert.equal(await after(open1), 'Do you have the blue rope?');
  assert.equal(await log.getByRole('article').count(), 16, 'and is no message');

  await page.evaluate(() => {
    const order = Number(fake.threads.get('chat-bob')?.at(-1)?.order);
    fake.changeGaps('chat-bob', [{ order, count: 2, lost: false }]);
    fake.receive('chat-bob', 'here I am', { sentMs: Date.now() });
  });
  await log.getByRole('note', { name: '2 messages could not be read yet.' }).waitFor();
  await log.getByText('here I am').waitFor();
  assert.equal(await log.getByRole('note').count(), 1);
  await page.evaluate(() => fake.changeGaps('chat-bob', []));
  await log.getByRole('note').waitFor({ state: 'detached' });
  assert.deepEqual(said, []);
});

test('a joined device says where older messages are', async () => {
  const { page, chat } = await open('secondDevice');
  await page.getByText('older ones stay on your first device for now').waitFor();
  await chat('bob').click();

  await page.getByText('Older messages stay on the first device for now.').waitFor();
});

test('on a phone the thread covers the list, and back closes it', async () => {
  const { page, chat, button, message } = await open('talk', TOUCH);
  await chat('bob').tap();
  await message.waitFor();
  assert.equal(await chat('carol').isVisible(), false);
  await page.goBack();
  await chat('carol').waitFor();
  assert.equal(await message.isVisible(), false);

  await chat('carol').tap();
  await button('Back').tap();
  await chat('carol').waitFor();
  assert.equal(page.url().includes('chat-'), false);
});

test('a reload opens the same chat again', async () => {
  const { page, chat, message } = await open('talk');
  await chat('bob').click();
  await message.waitFor();
  await page.reload();

  await page.getByRole('heading', { name: 'bob' }).waitFor();
});

test('older messages that cannot be loaded can be asked for again', async () => {
  const { page, chat, log, button } = await open('long');
  await page.evaluate(() => fake.faults.set('openChat', { code: 'storage-broken' }));
  await chat('bob').click();
  await page.getByText('Older messages could not be loaded.').waitFor();
  await button('Try again').click();

  await log.getByText(/^1000 /).waitFor();
});
