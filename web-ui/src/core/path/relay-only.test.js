import assert from 'node:assert/strict';
import { test } from 'node:test';
import { relayCandidates, relayDescription } from './relay-only.js';

const HOST = 'candidate:1 1 udp 2122260223 192.0.2.1 46154 typ host generation 0';
const SEEN = 'candidate:2 1 udp 1686052607 203.0.113.7 46154 typ srflx raddr 192.0.2.1 rport 46154';
const RELAY =
  'candidate:3 1 udp 41885439 198.51.100.9 50000 typ relay raddr 203.0.113.7 rport 46154 generation 0';
const HIDDEN = 'candidate:3 1 udp 41885439 198.51.100.9 50000 typ relay raddr 0.0.0.0 rport 0 generation 0';

test('candidates of the relay alone are left, without the address at which it saw this machine', () => {
  const candidates = [HOST, SEEN, RELAY].map((candidate) => ({ candidate, sdpMid: '0', sdpMLineIndex: 0 }));
  assert.deepEqual(relayCandidates(candidates), [{ candidate: HIDDEN, sdpMid: '0', sdpMLineIndex: 0 }]);
});

test('a description names no other address either', () => {
  const rest = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=ice-ufrag:x', ''];
  const sdp = ['v=0', 'c=IN IP4 203.0.113.7', `a=${HOST}`, `a=${SEEN}`, `a=${RELAY}`, ...rest].join('\r\n');
  assert.equal(relayDescription(sdp), ['v=0', 'c=IN IP4 0.0.0.0', `a=${HIDDEN}`, ...rest].join('\r\n'));
});
