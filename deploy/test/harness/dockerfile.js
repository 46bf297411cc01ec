import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * @typedef {object} Image
 * @property {Record<string, string>} environment
 * @property {number} user
 */

/**
 * Lays down in a folder what the last stage of a Dockerfile adds to its base image. Only what our nginx images use is
 * understood; anything else is an error, so that no instruction goes untested unseen.
 *
 * @param {string} dockerfile
 * @param {{ context: string, stages: Record<string, string>, layer: string }} places stages: folders by stage name
 * @returns {Image}
 */
export function layDown(dockerfile, { context, stages, layer }) {
  const lines = readFileSync(dockerfile, 'utf8').replace(/\\\n/g, ' ').split('\n');
  const last = lines.findLastIndex((line) => line.startsWith('FROM '));
  /** @type {Image} */
  const image = { environment: {}, user: 101 };
  for (const line of lines.slice(last + 1)) {
    const [instruction = '', ...words] = line.trim().split(/\s+/);
    if (instruction === '' || instruction.startsWith('#')) continue;
    const [first = ''] = words;
    const options = words.filter((word) => word.startsWith('--'));
    switch (instruction) {
      case 'COPY': {
        const [source = '', target = ''] = words.filter((word) => !word.startsWith('--'));
        const stage = options.find((option) => option.startsWith('--from='))?.slice('--from='.length);
        const from = stage === undefined ? context : stages[stage];
        if (from === undefined) throw new Error(`no folder is given for the stage ${stage}`);
        const mode = options.find((option) => option.startsWith('--chmod='))?.slice('--chmod='.length);
        copy(join(from, stage ? source.replace(/^\/release\//, '/') : source), join(layer, target), mode);
        break;
      }
      case 'ENV': {
        const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(words.join(' ')) ?? [];
        image.environment[name] = value;
        break;
      }
      case 'RUN':
        if (!/^install -d( -[ogm] \d+)* \/\S+$/.test(words.join(' ')))
          throw new Error(`not understood: ${line}`);
        mkdirSync(join(layer, words.at(-1) ?? ''), { recursive: true });
        break;
      case 'USER':
        image.user = first === 'root' ? 0 : Number(first);
        break;
      case 'VOLUME':
      case 'EXPOSE':
      case 'STOPSIGNAL':
      case 'HEALTHCHECK':
        break;
      default:
        throw new Error(`not understood: ${line}`);
    }
  }
  return image;
}

/** @param {string} source @param {string} target @param {string} [mode] octal, of directories too, as BuildKit has it */
function copy(source, target, mode) {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(source, target, { recursive: true, preserveTimestamps: true });
  if (mode === undefined) return;
  const inside = statSync(target).isDirectory() ? readdirSync(target, { recursive: true }).map(String) : [];
  for (const path of ['', ...inside]) chmodSync(join(target, path), Number.parseInt(mode, 8));
}
