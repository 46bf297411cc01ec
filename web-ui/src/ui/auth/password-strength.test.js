import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bitsOf, isLongEnough, strengthOf } from './password-strength.js';

test('long but regular passwords are too easy to guess', () => {
  for (const password of [
    'aaaaaaaaaaaa',
    'password1234',
    'P@ssw0rd2024!',
    'qwertyuiopasdf',
    '123456789012',
    'abcabcabcabcabc',
    'iloveyou12345',
    'changeme2025!',
  ]) {
    assert.equal(strengthOf(password), 1, `${password}: ${bitsOf(password)}`);
  }
});

test('the user name is worth little', () => {
  assert.ok(bitsOf('alexandria77!', 'alexandria') < bitsOf('alexandria77!') - 10);
  assert.equal(strengthOf('alexandria77!', 'alexandria'), 1);
});

test('several words and random characters are good', () => {
  assert.ok(strengthOf('correct horse battery staple') >= 3, String(bitsOf('correct horse battery staple')));
  assert.ok(strengthOf('x7#Lq2!vRt9p') >= 3);
  assert.ok(strengthOf('drei Zwerge suchen 41 Schrauben im Moor') === 4);
});

test('an ordinary long phrase is let in', () => {
  assert.ok(strengthOf('my cat sleeps on books') >= 2, String(bitsOf('my cat sleeps on books')));
});

test('a longer password is never weaker', () => {
  let before = 0;
  for (const length of [3, 6, 9, 12, 18]) {
    const bits = bitsOf('gx4Wm9zTq2Lv7Rb1Yk'.slice(0, length));
    assert.ok(bits > before);
    before = bits;
  }
});

test('counts characters, not UTF-16 units', () => {
  assert.equal(isLongEnough('🙂🙂🙂🙂🙂🙂'), false);
  assert.equal(isLongEnough('пароль из слов'), true);
});
