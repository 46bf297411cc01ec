import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RELEASE } from './release.js';

const APPLICATION = new URL('../../../standalone/target/quarkus-app/quarkus-run.jar', import.meta.url)
  .pathname;
const READY_WITHIN_MS = 60_000;

export const isBuilt = () => existsSync(APPLICATION);

/** The one-process form as it was built, on data and ports of its own. */
export class OneProcess {
  port = 8543;
  #folder = mkdtempSync(join(tmpdir(), 'mp2p-one-process-'));
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #process;

  async start() {
    const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin/java') : 'java';
    const child = spawn(java, ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-jar', APPLICATION], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        MESSENGER_DATA: join(this.#folder, 'data'),
        MESSENGER_PORT: String(this.port),
        MESSENGER_MANAGEMENT_PORT: '8544',
        MESSENGER_WEB: RELEASE,
      },
    });
    this.#process = child;
    // It prints its URL when it is ready.
    const signal = AbortSignal.timeout(READY_WITHIN_MS);
    await Promise.race([
      once(child.stdout, 'data', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`the one-process form ended with ${code}`);
      }),
    ]);
    return this;
  }

  async remove() {
    if (this.#process && this.#process.exitCode === null) {
      this.#process.kill('SIGTERM');
      await once(this.#process, 'exit');
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
