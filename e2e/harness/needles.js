/**
 * Every form in which a secret could lie somewhere: as it is, hex, base64 and base64url at each of the three byte
 * offsets, UTF-16.
 *
 * @param {string | Buffer} secret
 * @returns {Buffer[]}
 */
export function formsOf(secret) {
  const raw = Buffer.isBuffer(secret) ? secret : Buffer.from(secret, 'utf8');
  const forms = [raw, Buffer.from(raw.toString('hex')), Buffer.from(raw.toString('hex').toUpperCase())];
  if (Buffer.isBuffer(secret) && secret.length === 16) {
    forms.push(Buffer.from(secret.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')));
  }
  if (!Buffer.isBuffer(secret)) {
    forms.push(Buffer.from(secret, 'utf16le'), Buffer.from(secret, 'utf16le').swap16());
  }
  for (let offset = 0; offset < 3; offset++) {
    const shifted = Buffer.concat([Buffer.alloc(offset), raw]);
    const base64 = shifted.toString('base64');
    // The characters that also hold bits of the neighbours are left out.
    const from = offset === 0 ? 0 : offset + 1;
    const whole = base64.replace(/=+$/, '');
    const to = (shifted.length * 8) % 6 === 0 ? whole.length : whole.length - 1;
    const core = whole.slice(from, to);
    forms.push(Buffer.from(core), Buffer.from(core.replaceAll('+', '-').replaceAll('/', '_')));
  }
  return forms;
}

/**
 * @param {Buffer} haystack
 * @param {string | Buffer} secret
 * @returns {boolean}
 */
export function holds(haystack, secret) {
  return formsOf(secret).some((form) => haystack.includes(form));
}
