// Rules for every image, and the build stages run for real where no container can be.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { dockerfiles, isSent, patternsOf } from './dockerfile.js';
import { root } from './loaded.js';

/** @typedef {import('./dockerfile.js').Dockerfile} Dockerfile @typedef {import('./dockerfile.js').Stage} Stage */

const files = dockerfiles();

test('there are the images of the product', () => {
  const paths = files.map(({ path }) => path);
  for (const path of [
    'deploy/gateway/Dockerfile',
    'deploy/images/service.Dockerfile',
    'deploy/web-ui/Dockerfile',
  ]) {
    assert.ok(paths.includes(path), `${path} is missing`);
  }
});

for (const file of files) {
  describe(file.path, () => {
    const last = /** @type {Stage} */ (file.stages.at(-1));
    const all = file.stages.flatMap((stage) => stage.instructions);

    test('begins from exact tags', () => {
      const stages = file.stages.map(({ name }) => name).filter(Boolean);
      for (const { from } of file.stages) {
        const known = from === 'scratch' || stages.includes(from) || from === '$' + '{ARTEFACT}';
        assert.ok(known || /^[a-z0-9./-]+:\d[\w.-]*$/.test(from), from);
        assert.ok(!from.endsWith(':latest'), from);
      }
    });

    test('runs as a user that is not root, said as a number', () => {
      const user = last.instructions.findLast(({ word }) => word === 'USER');
      assert.match(user?.rest ?? '', /^[1-9]\d*(:[1-9]\d*)?$/);
    });

    test('starts without a shell', () => {
      for (const { word, rest } of all.filter(({ word }) => word === 'ENTRYPOINT' || word === 'CMD')) {
        assert.ok(Array.isArray(JSON.parse(rest)), `${word} ${rest}`);
      }
      for (const { rest } of all.filter(({ word }) => word === 'HEALTHCHECK')) {
        assert.match(rest, /CMD \[".*"\]$/);
      }
    });

    test('fetches nothing by itself', () => {
      assert.ok(all.every(({ word }) => word !== 'ADD'));
      assert.ok(!/^#\s*syntax\s*=/m.test(file.text), 'a syntax line fetches a frontend');
      for (const { rest } of last.instructions.filter(({ word }) => word === 'RUN')) {
        assert.ok(!/curl|wget|apt-get|apk|https?:/.test(rest), rest);
      }
    });

    test('has no secret among its arguments and variables', () => {
      for (const { word, rest } of all.filter(({ word }) => word === 'ARG' || word === 'ENV')) {
        assert.ok(!/password|secret|token|key/i.test(rest), `${word} ${rest}`);
      }
    });

    const source = file.stages.find(({ name }) => name === 'source');
    if (source) {
      test('its build stage makes what its image takes', { timeout: 900_000 }, () =>
        buildOutside(file, source),
      );
    }
  });
}

/**
 * Does what the stage says below a folder that stands for the container's root.
 * @param {Dockerfile} file @param {Stage} stage
 */
function buildOutside(file, stage) {
  const container = mkdtempSync(join(tmpdir(), 'source-stage-'));
  try {
    const inside = (/** @type {string} */ path) => join(container, path);
    const own = `${file.path}.dockerignore`;
    const patterns = patternsOf(existsSync(join(root, own)) ? own : '.dockerignore');
    let folder = '/';
    for (const { word, rest } of stage.instructions) {
      if (word === 'WORKDIR') {
        folder = rest;
        mkdirSync(inside(folder), { recursive: true });
      } else if (word === 'COPY') {
        copy(rest, patterns, inside(folder));
      } else if (word === 'RUN') {
        run(rest, container, inside(folder));
      } else {
        assert.fail(`${word} is not known to this test`);
      }
    }
    for (const path of taken(file)) {
      assert.ok(existsSync(inside(path)), `the stage has not made ${path}`);
    }
  } finally {
    rmSync(container, { recursive: true, force: true });
  }
}

/** @param {string} rest @param {string[]} patterns @param {string} folder */
function copy(rest, patterns, folder) {
  const sources = rest.split(/\s+/).filter((word) => !word.startsWith('--'));
  const target = /** @type {string} */ (sources.pop());
  // What is built or installed here is not in a fresh clone.
  const names = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...sources],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  for (const name of names
    .split('\0')
    .filter((each) => each && isSent(patterns, each) && existsSync(join(root, each)))) {
    const from = sources.find((each) => name === each || name.startsWith(each.replace(/\/?$/, '/'))) ?? name;
    const below =
      name === from
        ? /\/$/.test(target)
          ? basename(name)
          : ''
        : name.slice(from.replace(/\/$/, '').length + 1);
    const to = join(folder, target, below);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(root, name), to);
  }
}

/** @param {string} rest @param {string} container @param {string} folder */
function run(rest, container, folder) {
  const command = rest.replace(/--mount=\S+\s+/g, '').replace(/(\s)\/(?=\w)/g, `$1${container}/`);
  const path = join(container, '.tools');
  mkdirSync(path, { recursive: true });
  // The build image has Maven; a developer's machine has the wrapper.
  if (!existsSync(join(path, 'mvn'))) symlinkSync(join(root, 'mvnw'), join(path, 'mvn'));
  execFileSync('sh', ['-ec', command], {
    cwd: folder,
    env: { ...process.env, PATH: `${process.env.PATH}:${path}` },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** What the last stage takes of the build, for every service. @param {Dockerfile} file */
function taken(file) {
  const services = file.text.includes('SERVICE')
    ? ['auth-service', 'mailbox-service', 'signaling-service']
    : [''];
  const copies = file.stages
    .at(-1)
    ?.instructions.filter(({ word, rest }) => word === 'COPY' && rest.includes('--from=artefact'))
    .map(({ rest }) => rest.split(/\s+/).filter((each) => !each.startsWith('--'))[0] ?? '');
  return services.flatMap((service) =>
    (copies ?? []).map((path) => path.replace('$' + '{SERVICE}', service)),
  );
}
