import { readFile, writeFile } from 'node:fs/promises';
import { ready } from '../src/core/crypto/sodium.js';
import { makeMore } from './more-vectors.js';

/** Writes test/vectors/mp2p-1-more.json. What it writes is always the same, until the protocol or this changes. */

const VECTORS = new URL('./vectors/', import.meta.url);

await ready();
const base = JSON.parse(await readFile(new URL('mp2p-1.json', VECTORS), 'utf8'));
await writeFile(new URL('mp2p-1-more.json', VECTORS), `${JSON.stringify(makeMore(base), null, 1)}\n`);
