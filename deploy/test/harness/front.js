import { ask } from './client.js';
import { GatewayVolumes, gateway, webUi } from './container.js';
import { Services } from './services.js';

const RESOLVED_WITHIN_MS = 30_000;

/**
 * The gateway with everything around it.
 *
 * @typedef {object} Front
 * @property {import('./container.js').Container} gateway
 * @property {import('./container.js').Container} page
 * @property {Services} services
 * @property {GatewayVolumes} volumes
 * @property {(settings?: Record<string, string>) => Promise<void>} restart the gateway with other settings
 * @property {() => Promise<void>} remove
 */

/** @param {Record<string, string>} [settings] of the gateway @returns {Promise<Front>} */
export async function startFront(settings = {}) {
  const volumes = new GatewayVolumes();
  const services = new Services();
  const front = {
    gateway: gateway(volumes),
    page: webUi(),
    services,
    volumes,
    async restart(others = {}) {
      await front.gateway.stop();
      await front.gateway.start(others);
      await untilResolved();
    },
    async remove() {
      await front.gateway.remove();
      await front.page.remove();
      await services.stop();
      volumes.remove();
    },
  };
  await services.start();
  try {
    await front.page.start();
    await front.gateway.start(settings);
    await untilResolved();
  } catch (failure) {
    // Open servers would keep the test process waiting.
    await front.remove();
    throw failure;
  }
  return front;
}

/** The gateway asks for its services' addresses once it is up. */
async function untilResolved() {
  const deadline = Date.now() + RESOLVED_WITHIN_MS;
  for (const path of ['/', '/api/auth/ready', '/api/mailbox/ready', '/api/signaling/ready']) {
    while ((await ask(path)).status === 503) {
      if (Date.now() > deadline) throw new Error(`the gateway finds nobody for ${path}`);
    }
  }
}
