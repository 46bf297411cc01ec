// Looks at the running containers of a project, from the outside and from the inside, and says what is not as it should
// be: node deploy/test/compose/inspect.js PROJECT. Status 1 where anything is.

import { execFileSync } from 'node:child_process';

/**
 * @typedef {{
 *   Name: string, Image: string, State: {Running: boolean, Health?: {Status: string}},
 *   Config: {Env: string[], Image: string, Labels: Record<string, string>},
 *   HostConfig: {ReadonlyRootfs: boolean, Privileged: boolean, Memory: number, PidsLimit: number, NetworkMode: string,
 *     PortBindings: Record<string, unknown[] | null> | null},
 *   NetworkSettings: {Networks: Record<string, unknown>},
 * }} Container
 */

const USERS = /** @type {Record<string, number>} */ ({
  'auth-service': 10001,
  'mailbox-service': 10002,
  'signaling-service': 10003,
  'web-ui': 101,
  gateway: 101,
  postgres: 999,
  valkey: 10004,
  coturn: 65534,
});
const PUBLISHED = ['gateway', 'coturn'];

const project = process.argv[2];
if (!project) {
  console.error('usage: node inspect.js PROJECT');
  process.exit(2);
}

/** @param {string[]} given */
const docker = (...given) =>
  execFileSync('docker', given, {
    encoding: 'utf8',
    maxBuffer: 256 << 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** What the command prints, and what it complains of where it fails. @param {string[]} given */
const attempt = (...given) => {
  try {
    return { ok: true, text: docker(...given) };
  } catch (failure) {
    const { stdout, stderr } = /** @type {{stdout: string, stderr: string}} */ (failure);
    return { ok: false, text: `${stdout}${stderr}` };
  }
};

const complaints = /** @type {string[]} */ ([]);
let looked = 0;
/** @param {boolean} holds @param {string} complaint */
const expect = (holds, complaint) => {
  looked++;
  if (!holds) complaints.push(complaint);
};

const ids = docker('ps', '--all', '--quiet', '--filter', `label=com.docker.compose.project=${project}`);
const containers = /** @type {Container[]} */ (JSON.parse(docker('inspect', ...ids.trim().split('\n'))));
/** @param {Container} container */
const serviceOf = (container) => container.Config.Labels['com.docker.compose.service'] ?? '';
const running = containers.filter(({ State }) => State.Running);

for (const service of Object.keys(USERS)) {
  expect(
    running.some((container) => serviceOf(container) === service),
    `${service} does not run`,
  );
}

const secrets = readSecrets();
expect(secrets.size >= 10, `only ${secrets.size} secrets were found to look for`);

for (const container of containers) {
  const name = container.Name.slice(1);
  expect(container.HostConfig.ReadonlyRootfs, `${name} may write its root`);
  expect(!container.HostConfig.Privileged, `${name} is privileged`);
  expect(container.HostConfig.Memory > 0, `${name} has no limit of memory`);
  expect(container.HostConfig.PidsLimit > 0, `${name} has no limit of processes`);
  const published = Object.values(container.HostConfig.PortBindings ?? {}).some(
    (bindings) => bindings?.length,
  );
  expect(
    published === PUBLISHED.includes(serviceOf(container)),
    `${name} is published, or is not and should be`,
  );
  holdsNoSecret(JSON.stringify(container), `${name}: its configuration`);
  holdsNoSecret(
    docker('history', '--no-trunc', '--format', '{{.CreatedBy}}', container.Image),
    `${name}: its image`,
  );
  holdsNoSecret(attempt('logs', container.Name).text, `${name}: its log`);
}
for (const container of running) {
  lookInside(container);
}
lookAtTheDatabase();
lookAtTheNetworks();

for (const complaint of complaints) {
  console.error(`inspect: ${complaint}`);
}
console.log(`${looked - complaints.length} passed, ${complaints.length} failed`);
process.exitCode = complaints.length > 0 ? 1 : 0;

/** @param {Container} container */
function lookInside(container) {
  const name = container.Name.slice(1);
  const service = serviceOf(container);
  const status = docker('exec', container.Name, 'cat', '/proc/1/status');
  /** @param {string} field */
  const field = (field) => status.match(new RegExp(`^${field}:\\s+(.*)$`, 'm'))?.[1]?.split(/\s+/)[0];
  expect(field('Uid') === `${USERS[service]}`, `${name} runs as user ${field('Uid')}`);
  expect(/^0+$/.test(field('CapEff') ?? ''), `${name} has capabilities ${field('CapEff')}`);
  expect(field('NoNewPrivs') === '1', `${name} may gain privileges`);
  expect(field('Seccomp') === '2', `${name} has no seccomp filter`);
  expect(
    container.State.Health?.Status === 'healthy',
    `${name} is ${container.State.Health?.Status ?? 'not asked'}`,
  );

  const user = `${field('Uid')}:${field('Gid')}`;
  const environment = attempt('exec', '--user', user, container.Name, 'cat', '/proc/1/environ');
  expect(environment.ok, `${name}: its environment cannot be read`);
  holdsNoSecret(environment.text, `${name}: the environment of its process`);

  expect(!attempt('exec', container.Name, 'sh', '-c', ': >/probe').ok, `${name} has written its root`);
  const readable = attempt(
    ...['exec', '--user', user, container.Name, 'sh', '-c'],
    'for each in /secrets/* /secrets/*/* /secrets/*/*/*; do if [ -f "$each" ] && [ -r "$each" ]; then echo "$each"; fi; done',
  ).text;
  const others = readable.split('\n').filter((file) => file && !file.startsWith(`/secrets/${service}/`));
  expect(others.length === 0, `${name} can read ${others.join(', ')}`);
  expect(
    !attempt('exec', '--user', user, container.Name, 'sh', '-c', ': >>/secrets/probe').ok,
    `${name} writes secrets`,
  );
}

/** Every value of the volume that is a secret, by the file it stands in. @returns {Map<string, string>} */
function readSecrets() {
  const setup = containers.find((container) => serviceOf(container) === 'setup');
  const text = docker(
    ...['run', '--rm', '--network', 'none', '--user', '0', '--volume', `${project}_secrets:/secrets:ro`],
    ...['--entrypoint', 'sh', `${setup?.Config.Image}`, '-c'],
    'find /secrets -type f | while read -r each; do printf "%s " "$each"; base64 -w 0 "$each"; echo; done',
  );
  /** @type {Map<string, string>} */
  const values = new Map();
  for (const line of text.trim().split('\n')) {
    const [file = '', encoded = ''] = line.split(' ');
    const content = Buffer.from(encoded, 'base64').toString('utf8').trim();
    const value =
      content.match(/"value":\s*"([^"]+)"/)?.[1] ??
      content.match(/static-auth-secret=(.*)/)?.[1] ??
      content.match(/#([0-9a-f]{64})/)?.[1] ??
      content;
    // The certificate is public, and so is the number of the layout.
    if (!file.endsWith('/certificate.pem') && !file.endsWith('/format')) values.set(file, value);
  }
  return values;
}

/** @param {string} text @param {string} place */
function holdsNoSecret(text, place) {
  for (const [file, value] of secrets) {
    expect(!text.includes(value), `${place} holds the secret of ${file}`);
  }
}

function lookAtTheDatabase() {
  const postgres = running.find((container) => serviceOf(container) === 'postgres');
  if (!postgres) return;
  const owner = postgres.Config.Env.find((each) => each.startsWith('POSTGRES_USER='))?.slice(
    'POSTGRES_USER='.length,
  );
  /** @param {string} sql @param {string} [database] */
  const ask = (sql, database = 'postgres') =>
    docker('exec', postgres.Name, 'psql', '-XAtqw', '-U', `${owner}`, '-d', database, '-c', sql).trim();
  expect(
    ask(`select string_agg(rolname, ',' order by rolname) from pg_roles where rolcanlogin`) ===
      ['auth', 'mailbox', owner].sort().join(','),
    'the database has other roles than it should',
  );
  expect(
    ask(`select string_agg(rolname, ',') from pg_roles where rolname in ('auth', 'mailbox') and
      (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls or rolconnlimit < 0)`) ===
      '',
    'a role of a service may do more than it should',
  );
  expect(
    ask(`select string_agg(r.rolname || '>' || d.datname, ',' order by 1) from pg_roles r, pg_database d
      where r.rolname in ('auth', 'mailbox') and has_database_privilege(r.rolname, d.datname, 'connect')`) ===
      'auth>auth,mailbox>mailbox',
    'a role of a service may connect to a database that is not its own',
  );
  expect(
    ask(`select count(*) from pg_authid where rolcanlogin and rolpassword not like 'SCRAM-SHA-256$%'`) ===
      '0',
    'a password lies in the database in another form than SCRAM',
  );
  expect(
    ask(`select count(*) from pg_hba_file_rules where type like 'host%' and auth_method = 'trust'
      and address not in ('127.0.0.1', '::1')`) === '0',
    'the database trusts somebody over the network',
  );
}

function lookAtTheNetworks() {
  /** @param {string} service */
  const of = (service) => running.find((container) => serviceOf(container) === service)?.Name ?? service;
  for (const [from, to] of [
    ['gateway', 'postgres'],
    ['gateway', 'valkey'],
    ['web-ui', 'postgres'],
    ['coturn', 'auth-service'],
    ['coturn', 'postgres'],
  ]) {
    expect(
      !attempt('exec', of(`${from}`), 'getent', 'hosts', `${to}`).text.trim(),
      `${from} knows where ${to} is`,
    );
  }
  const valkey = attempt('exec', of('valkey'), 'valkey-cli', 'info').text;
  expect(/NOAUTH/.test(valkey), 'Valkey answers without a password');
}
