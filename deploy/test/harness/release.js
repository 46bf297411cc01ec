import { existsSync, readdirSync } from 'node:fs';

export const RELEASE = new URL('../../../web-ui/dist', import.meta.url).pathname;

/** Path of the one release file that begins and ends so. @param {string} start @param {string} end */
export function releaseFile(start, end) {
  if (!existsSync(RELEASE)) throw new Error(`${RELEASE} is not built; run: npm run build --prefix web-ui`);
  const [name] = readdirSync(RELEASE).filter((file) => file.startsWith(start) && file.endsWith(end));
  if (name === undefined) throw new Error(`there is no ${start}…${end} in ${RELEASE}`);
  return `/${name}`;
}
