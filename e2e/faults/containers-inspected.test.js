import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { scene } from '../harness/scene.js';

const INSPECT = new URL('../../deploy/test/compose/inspect.js', import.meta.url).pathname;
const stage = scene();

test('no running container may do more than it needs, and none shows a secret', () => {
  const { project } = /** @type {import('../harness/compose.js').Compose} */ (stage.stack);

  const { status, stdout, stderr } = spawnSync(process.execPath, [INSPECT, project], { encoding: 'utf8' });

  assert.equal(status, 0, stdout + stderr);
});
