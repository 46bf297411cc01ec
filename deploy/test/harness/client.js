import { once } from 'node:events';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import { connect } from 'node:tls';

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {http.IncomingHttpHeaders} headers
 * @property {[string, string][]} fields each header line, name in lower case
 * @property {Buffer} body
 */

/**
 * @typedef {object} Call
 * @property {string} [method]
 * @property {Record<string, string>} [headers]
 * @property {string | Buffer} [body]
 * @property {string} [from] address of the client
 * @property {string} [to] address of the gateway
 * @property {number} [port]
 * @property {string} [name] in the TLS handshake; Host too, unless the headers have one
 * @property {boolean} [plain] http
 */

/** One request on a connection of its own. @param {string} path @param {Call} [call] @returns {Promise<Answer>} */
export async function ask(path, call = {}) {
  const { method = 'GET', headers = {}, body, from, name = 'localhost', plain = false } = call;
  const { to = '127.0.0.1', port = plain ? 8080 : 8443 } = call;
  const options = {
    host: to,
    port,
    path,
    method,
    headers: { Host: name, ...headers },
    localAddress: from,
    family: to.includes(':') ? 6 : 4,
    agent: false,
  };
  const request = plain
    ? http.request(options)
    : https.request({ ...options, servername: name, rejectUnauthorized: false });
  request.end(body);
  const [response] = await once(request, 'response');
  return collected(response);
}

/** @param {http.IncomingMessage} response @returns {Promise<Answer>} */
async function collected(response) {
  const parts = [];
  for await (const part of response) parts.push(part);
  const { statusCode = 0, headers, rawHeaders } = response;
  /** @type {[string, string][]} */
  const fields = [];
  for (let at = 0; at < rawHeaders.length; at += 2)
    fields.push([String(rawHeaders[at]).toLowerCase(), String(rawHeaders[at + 1])]);
  return { status: statusCode, headers, fields, body: Buffer.concat(parts) };
}

/** Bytes as they are, and all that comes back until the other side closes. @param {string} bytes */
export async function raw(bytes, { name = 'localhost' } = {}) {
  const socket = connect({ host: '127.0.0.1', port: 8443, servername: name, rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  socket.write(bytes);
  let text = '';
  socket.on('data', (part) => {
    text += part;
  });
  // A reset after the answer is the end too.
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0), text };
}

/**
 * A WebSocket handshake.
 *
 * @param {Record<string, string>} headers
 * @param {{ from?: string, to?: string, name?: string, path?: string }} [where]
 * @returns {Promise<{ status: number, headers: http.IncomingHttpHeaders, socket?: import('node:stream').Duplex }>}
 */
export function openSocket(headers, { from, to = '127.0.0.1', name = 'localhost', path = '/ws' } = {}) {
  return new Promise((resolve, reject) => {
    const request = https.request({
      host: to,
      port: 8443,
      path,
      servername: name,
      localAddress: from,
      family: to.includes(':') ? 6 : 4,
      agent: false,
      rejectUnauthorized: false,
      // Where the client offers the hybrid exchange, OpenSSL keeps 6 KiB more (docs/adr/0047).
      ecdhCurve: 'X25519',
      headers: {
        Host: name,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        ...headers,
      },
    });
    request.on('upgrade', ({ statusCode = 0, headers }, socket) =>
      resolve({ status: statusCode, headers, socket }),
    );
    request.on('response', (response) => {
      response.resume();
      resolve({ status: response.statusCode ?? 0, headers: response.headers });
    });
    request.on('error', reject);
    request.end();
  });
}

/**
 * One request over HTTP/2.
 *
 * @param {string} path
 * @param {{ method?: string, body?: Buffer }} [call]
 * @returns {Promise<{ status: number, headers: http2.IncomingHttpHeaders, body: Buffer }>}
 */
export async function askOverHttp2(path, { method = 'GET', body } = {}) {
  const session = http2.connect('https://localhost:8443', {
    host: '127.0.0.1',
    servername: 'localhost',
    rejectUnauthorized: false,
  });
  try {
    const request = session.request({ ':method': method, ':path': path });
    request.end(body);
    const [headers] = await once(request, 'response');
    const parts = [];
    for await (const part of request) parts.push(part);
    return { status: Number(headers[':status']), headers, body: Buffer.concat(parts) };
  } finally {
    session.destroy();
  }
}
