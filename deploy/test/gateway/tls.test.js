import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect } from 'node:tls';
import { ask, askOverHttp2, openSocket } from '../harness/client.js';
import { ownUid } from '../harness/container.js';
import { startFront } from '../harness/front.js';

const DAY_MS = 24 * 60 * 60 * 1000;

/** @type {import('../harness/front.js').Front} */
let front;
before(async () => {
  front = await startFront();
});
after(() => front.remove());

const own = () => join(front.volumes.certificates, 'certificate.pem');

/** What the gateway shows. @param {string} [name] @returns {Promise<X509Certificate>} */
const shown = (name = 'localhost') =>
  new Promise((resolve, reject) => {
    const socket = connect(
      { host: '127.0.0.1', port: 8443, servername: name, rejectUnauthorized: false },
      () => {
        const { raw } = socket.getPeerCertificate();
        socket.destroy();
        resolve(new X509Certificate(raw));
      },
    );
    socket.on('error', reject);
  });

/** @param {string[]} words of openssl s_client, of the root's OpenSSL */
function client(...words) {
  const { MESSENGER_NGINX_ROOT: root = '' } = process.env;
  const command = ['openssl', 's_client', '-connect', '127.0.0.1:8443', '-servername', 'localhost', ...words];
  const { stdout, stderr } = spawnSync('chroot', [root, ...command], { input: '', encoding: 'utf8' });
  return stdout + stderr;
}

/** One request by TLS 1.3. @param {Buffer} [session] of an earlier visit */
async function visit(session) {
  const where = { host: '127.0.0.1', port: 8443, servername: 'localhost', rejectUnauthorized: false };
  const socket = connect({ ...where, minVersion: 'TLSv1.3', session });
  /** @type {Buffer[]} */
  const sessions = [];
  socket.on('session', (given) => sessions.push(given));
  await once(socket, 'secureConnect');
  const reused = socket.isSessionReused();
  socket.write('GET /api/auth/v1/jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  return { reused, sessions };
}

test('makes a certificate for the host and for this machine', async () => {
  const certificate = await shown();

  assert.equal(
    certificate.subjectAltName,
    'DNS:localhost, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
  );
  assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
  assert.equal(certificate.ca, false);
  assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  const days = (Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)) / DAY_MS;
  assert.ok(days <= 397, `${days} days`);
  // A browser believes it once it is told to.
  await new Promise((resolve, reject) => {
    const ca = readFileSync(own());
    const socket = connect({ host: '127.0.0.1', port: 8443, servername: 'localhost', ca }, () =>
      resolve(socket.destroy()),
    );
    socket.on('error', reject);
  });
});

test('keeps the key to itself', () => {
  const { mode } = statSync(join(front.volumes.certificates, 'key.pem'));

  assert.equal(mode & 0o777, 0o600);
});

test('keeps the certificate over a restart', async () => {
  const { fingerprint256 } = await shown();

  await front.restart();

  assert.equal((await shown()).fingerprint256, fingerprint256);
});

test('makes another 30 days before its end', async () => {
  const { folder, certificates } = front.volumes;
  const days = (/** @type {number} */ count) => {
    const files = ['-keyout', join(certificates, 'key.pem'), '-out', own()];
    const name = ['-subj', '/CN=x', '-addext', 'subjectAltName=DNS:localhost', '-days', String(count)];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...key, ...name, ...files], { stdio: 'ignore', cwd: folder });
    for (const file of ['key.pem', 'certificate.pem'])
      chownSync(join(certificates, file), ownUid(101), ownUid(101));
    return new X509Certificate(readFileSync(own())).fingerprint256;
  };

  const lasting = days(31);
  await front.restart();
  assert.equal((await shown()).fingerprint256, lasting);

  const ending = days(29);
  await front.restart();
  assert.notEqual((await shown()).fingerprint256, ending);
});

test('makes another one for another host, which alone is answered then', async () => {
  const { fingerprint256 } = await shown();
  await front.gateway.stop();

  await front.gateway.start({ MESSENGER_HOST: 'chat.example.org' });

  const certificate = await shown('chat.example.org');
  assert.notEqual(certificate.fingerprint256, fingerprint256);
  assert.equal(certificate.checkHost('chat.example.org'), 'chat.example.org');
  await assert.rejects(ask('/'), /unrecognized name/);
  assert.equal((await ask('/x', { plain: true })).headers.location, 'https://chat.example.org/x');
});

test('makes no promise of https for a certificate of its own', async () => {
  const { headers } = await ask('/api/nothing', { name: 'chat.example.org' });

  assert.equal(headers['strict-transport-security'], undefined);
});

test('prefers a given certificate, promises https for its name, and leaves its own alone', async () => {
  const before = readFileSync(own(), 'utf8');
  give(front.volumes, 'chat.example.org');
  await front.gateway.stop();

  await front.gateway.start({ MESSENGER_HOST: 'chat.example.org' });

  const given = new X509Certificate(readFileSync(join(front.volumes.secrets, 'tls/certificate.pem')));
  assert.equal((await shown('chat.example.org')).fingerprint256, given.fingerprint256);
  assert.equal(readFileSync(own(), 'utf8'), before);
  for (const path of ['/', '/api/nothing', '/api/auth/v1/status/401'])
    assert.equal(
      (await ask(path, { name: 'chat.example.org' })).headers['strict-transport-security'],
      'max-age=63072000; includeSubDomains',
    );
  assert.equal((await ask('/', { plain: true })).headers['strict-transport-security'], undefined);
});

test('promises what the setting says', async () => {
  for (const [setting, expected] of [
    ['off', undefined],
    ['max-age=3600', 'max-age=3600'],
  ]) {
    await front.gateway.stop();
    await front.gateway.start({ MESSENGER_HOST: 'chat.example.org', GATEWAY_HSTS: String(setting) });

    const { headers } = await ask('/api/nothing', { name: 'chat.example.org' });

    assert.equal(headers['strict-transport-security'], expected);
  }
});

test('says in words what is wrong with a given certificate or setting', async () => {
  await front.gateway.stop();
  rmSync(join(front.volumes.secrets, 'tls/key.pem'));
  await assert.rejects(
    front.gateway.start(),
    /must hold certificate\.pem and key\.pem, both readable for uid/,
  );
  rmSync(join(front.volumes.secrets, 'tls'), { recursive: true });

  await assert.rejects(front.gateway.start({ MESSENGER_HOST: 'Chat Host' }), /MESSENGER_HOST is 'Chat Host'/);
  await assert.rejects(front.gateway.start({ GATEWAY_HSTS: 'yes' }), /GATEWAY_HSTS is 'yes'/);
  await assert.rejects(front.gateway.start({ GATEWAY_BY_ADDRESS: '1' }), /GATEWAY_BY_ADDRESS is '1'/);
  await assert.rejects(front.gateway.start({ GATEWAY_ORIGINS: 'https://a;b' }), /GATEWAY_ORIGINS has/);
  await assert.rejects(
    front.gateway.start({ GATEWAY_TRUSTED_PROXIES: 'any' }),
    /GATEWAY_TRUSTED_PROXIES has/,
  );
  await front.gateway.start();
});

test('agrees on a key that no quantum computer finds later', () => {
  assert.match(client('-groups', 'X25519MLKEM768'), /Negotiated TLS1\.3 group: X25519MLKEM768/);
  assert.match(client(), /Negotiated TLS1\.3 group: X25519MLKEM768/);
});

test('still agrees with a client that knows the usual groups alone', () => {
  const agreed = /^New, TLSv1\.3, Cipher is TLS_/m;
  for (const group of ['X25519', 'prime256v1', 'secp384r1'])
    assert.match(client('-tls1_3', '-groups', group), agreed, group);
  assert.doesNotMatch(client('-tls1_3', '-groups', 'secp521r1'), agreed);
});

test('speaks TLS 1.2 with authenticated ciphers, TLS 1.3, and nothing older', () => {
  assert.match(client('-tls1_2'), /Cipher is ECDHE-ECDSA-AES/);
  assert.match(client('-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-SHA:@SECLEVEL=0'), /Cipher is \(NONE\)/);
  assert.match(client('-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'), /Cipher is \(NONE\)/);
});

test('gives out no session tickets on TLS 1.2 and takes no early data', () => {
  assert.doesNotMatch(client('-tls1_2'), /TLS session ticket:/);
  assert.doesNotMatch(client('-tls1_3'), /Max Early Data: [1-9]/);
});

test('lets who was here resume, until it starts again', async () => {
  const first = await visit();
  const [session, another] = first.sessions;
  const second = await visit(session);
  await front.restart();
  const third = await visit(another);

  assert.ok(another);
  assert.deepEqual([first.reused, second.reused, third.reused], [false, true, false]);
});

test('speaks HTTP/2', async () => {
  const { status } = await askOverHttp2('/api/auth/v1/jwks');

  assert.equal(status, 200);
  assert.equal(front.services.auth.seen.at(-1)?.headers.host, 'localhost:8443');
});

test('is reached by address where the setting says so, and by no other name', async () => {
  await front.gateway.stop();
  await front.gateway.start({ MESSENGER_HOST: 'chat.example.org', GATEWAY_BY_ADDRESS: 'on' });
  const withoutName = (/** @type {string} */ host) =>
    ask('/api/nothing', { name: '', headers: { Host: host } });

  assert.equal((await withoutName('127.0.0.1:8443')).status, 404);
  assert.equal((await withoutName('[::1]:8443')).status, 404);
  assert.equal((await withoutName('chat.example.org')).status, 404);
  assert.equal((await withoutName('evil.example')).status, 421);
  const socket = await openSocket(
    { Host: '127.0.0.1:8443', Origin: 'https://127.0.0.1:8443' },
    { name: 'chat.example.org' },
  );
  socket.socket?.destroy();
  assert.equal(socket.status, 101);
  const { headers } = await ask('/x', { plain: true, headers: { Host: '192.0.2.1' } });
  assert.equal(headers.location, 'https://192.0.2.1/x');
});

test('is not reached by address by default', async () => {
  await front.restart();

  await assert.rejects(ask('/', { name: '', headers: { Host: '127.0.0.1' } }), /unrecognized name/);
});

/** @param {import('../harness/container.js').GatewayVolumes} volumes @param {string} host */
function give({ secrets }, host) {
  const folder = join(secrets, 'tls');
  execFileSync('install', ['-d', '-m', '0700', folder]);
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')];
  const name = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...key, ...name, ...files], { stdio: 'ignore' });
  for (const path of [folder, ...['key.pem', 'certificate.pem'].map((file) => join(folder, file))])
    chownSync(path, ownUid(101), ownUid(101));
}
