/**
 * Two homes, each behind a gateway of its own, in network namespaces beside the one that calls, which is the
 * internet with the server in it:
 *
 *     alice 192.168.1.2 ── 192.168.1.1 alice-gateway 11.0.0.2 ──┐
 *                                                               ├── 11.0.0.1 server and TURN
 *     bob   192.168.1.2 ── 192.168.1.1 bob-gateway   11.0.0.3 ──┘
 *
 * No way leads out. The addresses in the middle are public ones, since coturn relays to no others as it is shipped.
 */
import { execFileSync } from 'node:child_process';

export const SERVER = '11.0.0.1';

/** Outer address of each gateway. */
export const OUTSIDE = Object.freeze({ alice: '11.0.0.2', bob: '11.0.0.3' });

/**
 * What a gateway does with its home's packets. Netfilter keeps the source port while nothing else has it, to whatever
 * address the packets go: that is a cone. With `--random-fully` each destination sees another port.
 *
 * @typedef {'cone' | 'symmetric' | keyof typeof BLOCKED} Gateway
 * @typedef {keyof typeof OUTSIDE} Home
 */

/** What does not get out of the home, beside what comes in unasked. */
const BLOCKED = {
  'UDP blocked': '-A FORWARD -p udp -j DROP',
  'TURN without TLS blocked': '-A FORWARD -p udp -j DROP\n-A FORWARD -p tcp --dport 3478 -j DROP',
};

/** @param {...string} words */
const ip = (...words) => execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'inherit'] });

/** @param {string} namespace @param {string[]} command @param {string} [input] */
const inside = (namespace, command, input) =>
  execFileSync('ip', ['netns', 'exec', namespace, ...command], {
    input: input ?? '',
    stdio: ['pipe', 'ignore', 'inherit'],
  });

const NO_IPV6 = '/proc/sys/net/ipv6/conf/*/disable_ipv6';

/** Once, before the first home. */
export function makeInternet() {
  ip('link', 'set', 'lo', 'up');
  ip('link', 'add', 'internet', 'type', 'bridge');
  ip('address', 'add', `${SERVER}/24`, 'dev', 'internet');
  ip('link', 'set', 'internet', 'up');
}

/** Builds both homes; what was there before is gone, with all that its gateways remembered. @param {Gateway} gateway */
export function makeHomes(gateway) {
  for (const home of /** @type {Home[]} */ (Object.keys(OUTSIDE))) {
    removeHome(home);
    makeHome(home, gateway);
  }
}

/** @param {Home} home @param {Gateway} gateway */
function makeHome(home, gateway) {
  const router = `${home}-gateway`;
  for (const namespace of [router, home]) {
    ip('netns', 'add', namespace);
    // Its addresses would come after a second or two, and a browser ends what it loads when its addresses change.
    inside(namespace, ['sh', '-c', `for file in ${NO_IPV6}; do [ ! -e $file ] || echo 1 >$file; done`]);
  }

  ip('link', 'add', `to-${home}`, 'type', 'veth', 'peer', 'name', 'wan', 'netns', router);
  ip('link', 'set', `to-${home}`, 'master', 'internet', 'up');
  ip('-n', router, 'address', 'add', `${OUTSIDE[home]}/24`, 'dev', 'wan');
  ip('-n', router, 'link', 'add', 'lan', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', home);
  ip('-n', router, 'address', 'add', '192.168.1.1/24', 'dev', 'lan');
  for (const link of ['lo', 'wan', 'lan']) ip('-n', router, 'link', 'set', link, 'up');

  ip('-n', home, 'address', 'add', '192.168.1.2/24', 'dev', 'eth0');
  for (const link of ['lo', 'eth0']) ip('-n', home, 'link', 'set', link, 'up');
  ip('-n', home, 'route', 'add', 'default', 'via', '192.168.1.1');

  inside(router, ['iptables-restore'], rulesOf(gateway));
  inside(router, ['sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward']);
}

/** @param {Home} home */
function removeHome(home) {
  const names = execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' });
  if (!names.split('\n').some((line) => line.split(' ')[0] === home)) return;
  // With one end of a pair the other goes at once; the namespaces themselves go when the kernel likes.
  ip('link', 'delete', `to-${home}`);
  ip('netns', 'delete', home);
  ip('netns', 'delete', `${home}-gateway`);
}

/**
 * What comes from outside unasked is dropped, as every home router does. It is more than hygiene: without it the
 * kernel takes the other side's first packet for a connection to the gateway itself, gives the home's own packets
 * another port, since that one is in use, and no hole is ever punched. It would look like a fault of the product.
 *
 * @param {Gateway} gateway
 */
function rulesOf(gateway) {
  return `*filter
-A INPUT -i wan -m conntrack --ctstate NEW -j DROP
-A FORWARD -i wan -m conntrack --ctstate NEW -j DROP
${gateway in BLOCKED ? BLOCKED[/** @type {keyof typeof BLOCKED} */ (gateway)] : ''}
COMMIT
*nat
-A POSTROUTING -o wan -j MASQUERADE${gateway === 'symmetric' ? ' --random-fully' : ''}
COMMIT
`;
}

/**
 * What can stop to pass at Alice's gateway, with nobody being told: packets between the two homes, or everything but the
 * page's own TCP connections to the server.
 *
 * @typedef {keyof typeof CUTS} Cut
 */
const CUTS = {
  'between homes': [
    ['--source', OUTSIDE.bob],
    ['--destination', OUTSIDE.bob],
  ],
  'UDP and TURN': [
    ['--protocol', 'udp'],
    ['--protocol', 'tcp', '--source-port', '3478'],
    ['--protocol', 'tcp', '--destination-port', '3478'],
  ],
};

/** @param {Cut} what */
export function cut(what) {
  for (const which of CUTS[what]) alterCut('--insert', which);
}

/** @param {Cut} what */
export function mend(what) {
  for (const which of CUTS[what]) alterCut('--delete', which);
}

/** @param {'--insert' | '--delete'} action @param {string[]} which packets */
function alterCut(action, which) {
  inside('alice-gateway', ['iptables', '--wait', action, 'FORWARD', ...which, '--jump', 'DROP']);
}
