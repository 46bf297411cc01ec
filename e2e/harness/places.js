import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

/**
 * All rows of all tables of one database as one text, bytes as hex.
 *
 * @param {import('pg').ClientConfig} connection
 * @returns {Promise<Buffer>}
 */
export async function dumpDatabase(connection) {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    const tables = await client.query(
      `select quote_ident(schemaname) || '.' || quote_ident(tablename) as name from pg_tables
       where schemaname not in ('pg_catalog', 'information_schema')`,
    );
    const parts = [];
    for (const { name } of tables.rows) {
      const rows = await client.query(`select t::text as row from ${name} t`);
      parts.push(name, ...rows.rows.map(({ row }) => row));
    }
    return Buffer.from(parts.join('\n'));
  } finally {
    await client.end();
  }
}

/**
 * The rows that one query gives.
 *
 * @param {import('pg').ClientConfig} connection
 * @param {string} sql
 * @returns {Promise<Record<string, any>[]>}
 */
export async function rowsOf(connection, sql) {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/**
 * Everything in the page's IndexedDB, keys and values, text as UTF-8 and buffers as their bytes.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<Buffer>}
 */
export async function dumpIndexedDb(page) {
  const hex = await page.evaluate(async () => {
    const request = (/** @type {IDBRequest} */ request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    /** @type {string[]} */
    const parts = [];
    const toHex = (/** @type {Uint8Array} */ bytes) =>
      Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    const visit = (/** @type {unknown} */ value) => {
      if (value instanceof ArrayBuffer) parts.push(toHex(new Uint8Array(value)));
      else if (ArrayBuffer.isView(value))
        parts.push(toHex(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)));
      else if (Array.isArray(value)) value.forEach(visit);
      else if (value && typeof value === 'object')
        for (const [key, inner] of Object.entries(value)) {
          visit(key);
          visit(inner);
        }
      else parts.push(toHex(new TextEncoder().encode(String(value))));
    };
    for (const { name } of await indexedDB.databases()) {
      const database = await request(indexedDB.open(/** @type {string} */ (name)));
      for (const store of database.objectStoreNames) {
        const objects = database.transaction(store).objectStore(store);
        visit(await request(objects.getAllKeys()));
        visit(await request(objects.getAll()));
      }
      database.close();
    }
    return parts.join('0a');
  });
  return Buffer.from(hex, 'hex');
}

/**
 * The bytes of every file below a folder.
 *
 * @param {string} folder
 * @returns {Buffer}
 */
export function filesBelow(folder) {
  const parts = [];
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) parts.push(readFileSync(join(entry.parentPath, entry.name)));
  }
  return Buffer.concat(parts);
}
