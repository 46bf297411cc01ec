import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canonicalUrl, serverNameOf } from './server-name.js';

test('the server name is the host alone in its plain form', () => {
  assert.equal(serverNameOf(new URL('https://Chat.Example.org:8443/x')), 'chat.example.org');
  assert.equal(serverNameOf(new URL('https://chat.example.org./')), 'chat.example.org');
  assert.equal(serverNameOf(new URL('https://[::1]:8443/')), '::1');
  assert.equal(serverNameOf(new URL('https://bücher.example/')), 'xn--bcher-kva.example');
});

test('a canonical host becomes a link with the own port', () => {
  const location = new URL('https://127.0.0.1:8443/');

  assert.equal(canonicalUrl(location, 'chat.example.org'), 'https://chat.example.org:8443/');
  assert.equal(canonicalUrl(location, '::1'), 'https://[::1]:8443/');
});

test('what is no plain host becomes no link', () => {
  const location = new URL('https://127.0.0.1:8443/');

  for (const host of [
    'a.example/path',
    'user@a.example',
    'a.example:99',
    'A.example',
    '',
    'javascript:x',
    'a b',
  ]) {
    assert.equal(canonicalUrl(location, host), null, host);
  }
});
