// What docker-compose.yml promises, read by both generations of Compose.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findV2, loadByV1, loadByV2, provideV1 } from './loaded.js';

/** @typedef {import('./loaded.js').Loaded} Loaded */

const ONE_SHOTS = ['setup', 'database'];
const NETWORKS = /** @type {Record<string, string[]>} */ ({
  setup: [],
  database: [],
  postgres: ['data'],
  valkey: ['data'],
  'auth-service': ['data', 'front'],
  'mailbox-service': ['data', 'front'],
  'signaling-service': ['data', 'front'],
  'web-ui': ['front'],
  gateway: ['edge', 'front'],
  coturn: ['edge'],
});
const USERS = /** @type {Record<string, string | undefined>} */ ({
  setup: '0:0',
  database: '999:999',
  postgres: undefined,
  valkey: '10004:10004',
  'auth-service': '10001:10001',
  'mailbox-service': '10002:10002',
  'signaling-service': '10003:10003',
  'web-ui': '101:101',
  gateway: '101:101',
  coturn: '65534:65534',
});
const CAPABILITIES = /** @type {Record<string, string[]>} */ ({
  setup: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER'],
  postgres: ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'SETGID', 'SETUID'],
});

const v1 = provideV1();
const v2 = findV2();

test('Compose v1.29 is at hand', () => {
  assert.ok(
    v1,
    'docker-compose 1.29 is neither installed nor to be had; docker-compose.yml was not loaded by it',
  );
});
test('Compose v2 is at hand', {
  skip: v2 ? false : 'no Compose v2 could be had: loaded by v1.29 alone',
}, () => {});

const tools = /** @type {[string, typeof loadByV1][]} */ ([]);
if (v1) tools.push(['v1.29', loadByV1]);
if (v2) tools.push(['v2', (environment, files) => loadByV2(v2, environment, files)]);

for (const [tool, load] of tools) {
  describe(`docker-compose.yml in ${tool}`, () => {
    const { services, networks } = load();
    const each = Object.entries(services);

    test('has the services of the product and no other', () => {
      assert.deepEqual(Object.keys(services).sort(), Object.keys(NETWORKS).sort());
    });

    test('closes every container', () => {
      for (const [name, service] of each) {
        assert.deepEqual(service.cap_drop, ['ALL'], name);
        assert.deepEqual(service.cap_add ?? [], CAPABILITIES[name] ?? [], name);
        assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name);
        assert.equal(service.read_only, true, name);
        assert.ok(!service.privileged, name);
        assert.equal(service.user, USERS[name], name);
      }
    });

    test('bounds every container', () => {
      for (const [name, service] of each) {
        assert.ok(service.mem_limit, `${name} has no limit of memory`);
        assert.ok(service.pids_limit, `${name} has no limit of processes`);
        assert.ok(service.logging?.options?.['max-size'], `${name} has no limit of its log`);
      }
    });

    test('asks everything that stays for its health and starts it again', () => {
      for (const [name, service] of each) {
        const stays = !ONE_SHOTS.includes(name);
        assert.equal(service.restart, stays ? 'unless-stopped' : 'no', name);
        assert.equal(Boolean(service.healthcheck?.test), stays, name);
      }
    });

    test('publishes the gateway and coturn and nothing else', () => {
      const published = each.filter(([, service]) => service.ports?.length).map(([name]) => name);
      assert.deepEqual(published.sort(), ['coturn', 'gateway']);
    });

    test('connects only what talks to each other', () => {
      for (const [name, service] of each) {
        assert.deepEqual(Object.keys(service.networks ?? {}).sort(), NETWORKS[name], name);
        assert.equal(service.network_mode, ONE_SHOTS.includes(name) ? 'none' : undefined, name);
      }
      const open = Object.keys(networks).filter((name) => !networks[name]?.internal);
      assert.deepEqual(open, ['edge']);
    });

    test('believes forwarded addresses of the gateway alone', () => {
      const front = /** @type {{ipv4_address?: string}} */ (services.gateway?.networks?.front);
      assert.match(front.ipv4_address ?? '', /^172\.30\.117\.2$/);
      for (const name of ['auth-service', 'mailbox-service', 'signaling-service']) {
        assert.equal(
          services[name]?.environment?.QUARKUS_HTTP_PROXY_TRUSTED_PROXIES,
          front.ipv4_address,
          name,
        );
      }
    });

    test('gives the secrets to read only, and no socket of the engine', () => {
      for (const [name, service] of each) {
        for (const mount of service.volumes ?? []) {
          const [source, target, mode] =
            typeof mount === 'string'
              ? mount.split(':')
              : [mount.source, mount.target, mount.read_only ? 'ro' : 'rw'];
          assert.ok(!`${source}`.includes('docker.sock'), name);
          if (target === '/secrets') assert.equal(mode, name === 'setup' ? 'rw' : 'ro', name);
        }
      }
    });

    test('lets each service read its own copy of the secret of the calls between them', () => {
      for (const name of ['auth-service', 'mailbox-service', 'signaling-service']) {
        assert.equal(
          services[name]?.environment?.MP2P_INTERNAL_SECRET_FILE,
          `/secrets/${name}/internal-secret`,
        );
      }
    });

    test('has no secret in an environment', () => {
      for (const [name, service] of each) {
        for (const [variable, value] of Object.entries(service.environment ?? {})) {
          const kept = !value || value.startsWith('/') || ['true', 'false'].includes(value);
          const limit = variable.startsWith('GATEWAY_PASSWORD_');
          assert.ok(
            kept || limit || !/PASSWORD|SECRET|TOKEN(?!S_JWKS)|KEY/.test(variable),
            `${name}: ${variable}`,
          );
        }
      }
    });

    test('shows a given password to the setup alone, and to nobody by default', () => {
      assert.equal(services.setup?.environment?.POSTGRES_PASSWORD, '');
      const given = load({ POSTGRES_PASSWORD: 'planted-password' }).services;
      const seen = Object.keys(given).filter((name) =>
        JSON.stringify(given[name]).includes('planted-password'),
      );
      assert.deepEqual(seen, ['setup']);
    });

    test('names images by tag, none of them latest', () => {
      for (const [name, service] of each) {
        assert.match(service.image ?? '', /^[a-z0-9./-]+:(\d[\w.-]*|local)$/, name);
      }
    });

    test('lets signaling-service have replicas', () => {
      assert.ok(each.every(([, service]) => !service.container_name));
      assert.equal(services['signaling-service']?.ports, undefined);
    });

    test('starts the gateway when everything behind it is ready', () => {
      for (const name of ['auth-service', 'mailbox-service', 'signaling-service', 'web-ui']) {
        assert.equal(services.gateway?.depends_on?.[name]?.condition, 'service_healthy', name);
      }
      for (const name of ['auth-service', 'mailbox-service']) {
        assert.equal(services[name]?.depends_on?.database?.condition, 'service_completed_successfully', name);
      }
    });

    test('leaves no variable that this tool does not resolve', () => {
      const text = JSON.stringify(services);
      assert.ok(!/\$\$?\{\w+:?[-?+]/.test(text), text.match(/.{40}\$\$?\{\w+:?[-?+].{40}/)?.[0]);
    });

    test('takes host and ports of .env', () => {
      const other = load({ MESSENGER_HOST: 'chat.example.org', HTTPS_PORT: '8443' }).services;
      assert.equal(other['auth-service']?.environment?.MP2P_CANONICAL_HOST, 'chat.example.org');
      assert.equal(other.gateway?.environment?.MESSENGER_HOST, 'chat.example.org');
      assert.match(JSON.stringify(other.gateway?.ports), /8443/);
    });

    test('lets the rotation of keys write the secrets of one service, and nothing else', () => {
      const { services: added, networks: joined } = load({}, [
        'docker-compose.yml',
        'deploy/compose.rotation.yml',
      ]);
      const command = added['rotate-keys'];
      assert.equal(command?.user, USERS['mailbox-service']);
      assert.deepEqual(command?.cap_drop, ['ALL']);
      assert.deepEqual(command?.security_opt, ['no-new-privileges:true']);
      assert.equal(command?.read_only, true);
      assert.equal(command?.restart, 'no');
      assert.ok(command?.mem_limit && command.pids_limit && !command.ports?.length);
      assert.deepEqual(Object.keys(command?.networks ?? {}), ['data']);
      assert.ok(joined.data?.internal);
      for (const name of ['MP2P_MAILBOX_KEYSET', 'QUARKUS_DATASOURCE_MAILBOX_JDBC_URL']) {
        assert.equal(command?.environment?.[name], services['mailbox-service']?.environment?.[name], name);
      }
    });

    test('adds a second Valkey that is as the first, known to all services, and a second signaling-service', () => {
      const { services: added, networks: joined } = load({}, [
        'docker-compose.yml',
        'deploy/compose.replicas.yml',
      ]);
      assert.deepEqual(Object.keys(added).sort(), [...Object.keys(services), 'valkey-2'].sort());
      assert.deepEqual(added['valkey-2'], added.valkey);
      assert.deepEqual(Object.keys(joined).sort(), Object.keys(networks).sort());
      for (const name of ['auth-service', 'mailbox-service', 'signaling-service']) {
        const { environment, depends_on: after } = added[name] ?? {};
        assert.equal(environment?.MP2P_BUS_FURTHER_NODES, 'redis://valkey-2:6379', name);
        assert.equal(environment?.QUARKUS_REDIS_HOSTS, 'redis://valkey:6379', name);
        assert.deepEqual(
          environment,
          { ...services[name]?.environment, MP2P_BUS_FURTHER_NODES: 'redis://valkey-2:6379' },
          name,
        );
        assert.equal(after?.['valkey-2']?.condition, 'service_started', name);
        for (const [before, { condition }] of Object.entries(services[name]?.depends_on ?? {})) {
          assert.equal(after?.[before]?.condition, condition, `${name} after ${before}`);
        }
      }
      assert.equal(added['signaling-service']?.scale, 2);
    });

    test('adds TURN over TLS where it is asked for', () => {
      const added = load({}, ['docker-compose.yml', 'deploy/compose.turns.yml']).services;
      assert.match(JSON.stringify(added.coturn?.ports), /5349/);
      assert.match(
        `${added['signaling-service']?.environment?.MP2P_SIGNALING_ICE_TURN_URIS}`,
        /,turns:.*:5349\?/,
      );
    });

    test('adds both, as docs/operations.md names the files', () => {
      const files = ['docker-compose.yml', 'deploy/compose.turns.yml', 'deploy/compose.replicas.yml'];
      const both = load({}, files).services['signaling-service'];
      assert.equal(both?.scale, 2);
      assert.equal(both?.environment?.MP2P_BUS_FURTHER_NODES, 'redis://valkey-2:6379');
      assert.match(`${both?.environment?.MP2P_SIGNALING_ICE_TURN_URIS}`, /,turns:.*:5349\?/);
    });

    test('gives TURN over TLS port 443 of an address of its own', () => {
      const settings = { TURNS_PORT: '443', TURNS_PUBLISH: '192.0.2.2:443' };
      const added = load(settings, ['docker-compose.yml', 'deploy/compose.turns.yml']).services;
      assert.match(JSON.stringify(added.coturn?.ports), /192\.0\.2\.2.*443/);
      assert.match(
        `${added['signaling-service']?.environment?.MP2P_SIGNALING_ICE_TURN_URIS}`,
        /,turns:.*:443\?/,
      );
    });
  });
}
