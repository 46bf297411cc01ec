// Where coturn relays to, asked of the image with the start script, where an engine has it.

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from './loaded.js';

const IMAGE = 'coturn/coturn:4.18';
const SECRET = 'a-secret-of-this-test-alone';
const DENIED = ['0.0.0.0', '0.1.2.3', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1'];
const DENIED_TOO = ['192.168.1.1', '198.18.0.1', '224.0.0.1', '255.255.255.255'];
const DENIED_IPV6 = ['::1', '::ffff:10.1.2.3', '::ffff:127.0.0.1', '64:ff9b::a01:203', '2002:a01:203::1'];
const DENIED_IPV6_TOO = ['2001:db8::1', 'fd00::1', 'fe80::1', 'ff02::1'];
// Nothing is sent to them: the network of the test has no way out.
const PUBLIC = ['8.8.8.8', '11.0.0.1', '172.32.0.1', '93.184.216.34'];
const PUBLIC_IPV6 = ['2606:4700::1'];

const name = `turn-peers-${process.pid}`;
const folder = mkdtempSync(join(tmpdir(), 'turn-peers-'));

/** @param {string[]} given */
const docker = (...given) =>
  execFileSync('docker', given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

const hasImage = () => {
  try {
    docker('image', 'inspect', IMAGE);
    return true;
  } catch {
    return false;
  }
};

/** What the client says of a relay to the peer. @param {string} peer @param {string[]} [options] */
const ask = async (peer, options = []) => {
  // It waits ten seconds for an echo that nobody sends.
  const client = ['turnutils_uclient', '-c', '-n', '1', '-m', '1', '-u', peer.replace(/\W/g, '')];
  try {
    const { stdout } = await promisify(execFile)('docker', [
      ...['exec', name, 'timeout', '20', ...client, '-W', SECRET, '-e', peer, ...options],
      '127.0.0.1',
    ]);
    return stdout;
  } catch (failure) {
    return `${/** @type {{stdout: string}} */ (failure).stdout}`;
  }
};

describe('coturn', { skip: hasImage() ? false : `no container engine here has ${IMAGE}: not asked` }, () => {
  before(() => {
    writeFileSync(join(folder, 'turnserver.conf'), `use-auth-secret\nstatic-auth-secret=${SECRET}\n`);
    docker('network', 'create', '--internal', '--ipv6', '--subnet', '2001:4860:1::/64', name);
    const settings = {
      MESSENGER_HOST: 'localhost',
      TURN_EXTERNAL_IP: '',
      TURN_ALLOWED_PEERS: '192.168.7.0-192.168.7.255',
      TURN_RELAY_MIN_PORT: '50000',
      TURN_RELAY_MAX_PORT: '50400',
      TURN_TOTAL_QUOTA: '400',
      TURN_MAX_BYTES_PER_SECOND: '1000000',
    };
    docker(
      ...[
        'run',
        '--detach',
        '--name',
        name,
        '--network',
        name,
        '--read-only',
        '--tmpfs',
        '/tmp',
        '--cap-drop',
        'ALL',
      ],
      ...['--volume', `${root}deploy/coturn:/etc/messenger:ro`, '--volume', `${folder}:/secrets/coturn:ro`],
      ...Object.entries(settings).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
      ...['--user', '0', '--entrypoint', '/bin/sh', IMAGE, '/etc/messenger/start.sh'],
    );
    docker(
      'exec',
      name,
      'sh',
      '-c',
      'until turnutils_stunclient 127.0.0.1 >/dev/null 2>&1; do sleep 0.1; done',
    );
  });
  after(() => {
    docker('rm', '--force', '--volumes', name);
    docker('network', 'rm', name);
    rmSync(folder, { recursive: true, force: true });
  });

  describe('peers', { concurrency: 32 }, () => {
    for (const peer of [...DENIED, ...DENIED_TOO]) {
      test(`relays nothing to ${peer}`, async () => assert.match(await ask(peer), /error 403/));
    }
    for (const peer of [...DENIED_IPV6, ...DENIED_IPV6_TOO]) {
      test(`relays nothing to ${peer}`, async () => assert.match(await ask(peer, ['-x']), /error 403/));
    }
    // A range too many would deny everybody, and nobody would notice before a network needs the relay.
    for (const peer of PUBLIC) {
      test(`relays to ${peer}`, async () => assert.match(await ask(peer), /Total connect time/));
    }
    for (const peer of PUBLIC_IPV6) {
      test(`relays to ${peer}`, async () => assert.match(await ask(peer, ['-x']), /Total connect time/));
    }
    test('relays to a private network that is allowed', async () =>
      assert.match(await ask('192.168.7.7'), /Total connect time/));

    test('believes no other secret', async () => {
      assert.doesNotMatch(await ask('8.8.8.8', ['-W', 'another-secret']), /Total connect time/);
    });
  });

  test('writes no address and no user into its log', () => {
    const log = docker('logs', name);
    assert.match(log, /denied in the range/);
    assert.match(log, /credentials of user <-> are wrong/);
    assert.doesNotMatch(log, /\d+\.\d+\.\d+\.\d+|\d{10}:|[0-9a-f]*::[0-9a-f]/);
  });
});
