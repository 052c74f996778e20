/** Below this an inner piece of base64 is so short that it stands in ordinary words too. */
const MIN_EMBEDDED_BYTES = 9;

/** The ways in which a secret is written once it has been through a URL, JSON, HTML or base64. */
export function secretForms(secret: string): Set<string> {
  const forms = new Set([secret, secret.trim()]);
  // A lone surrogate has no UTF-8, so neither a percent-encoding nor base64.
  const wellFormed = !/\p{Surrogate}/u.test(secret);
  if (wellFormed) {
    for (const encoded of [encodeURIComponent(secret), encodeURI(secret), formEncoded(secret)]) {
      forms.add(encoded);
      forms.add(encoded.replaceAll(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()));
    }
    for (const encoded of base64Forms(new TextEncoder().encode(secret))) {
      forms.add(encoded);
      forms.add(encoded.replaceAll('+', '-').replaceAll('/', '_'));
      forms.add(encodeURIComponent(encoded));
    }
  }
  const escaped = JSON.stringify(secret).slice(1, -1);
  forms.add(escaped);
  forms.add(escaped.replaceAll('/', '\\/'));
  // Python's JSON escapes everything past ASCII.
  forms.add(
    escaped.replaceAll(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );
  // As a string literal between single quotes or backticks: what `util.inspect` and Python's `repr` print.
  const unquoted = escaped.replaceAll('\\"', '"');
  forms.add(unquoted);
  forms.add(unquoted.replaceAll("'", "\\'"));
  forms.add(htmlEscaped(secret));
  // As a number of JSON it loses its last digits.
  if (/^[1-9]\d{15,}$/.test(secret)) forms.add(String(Number(secret)));
  forms.delete('');
  return forms;
}

function formEncoded(text: string): string {
  return new URLSearchParams({ '': text }).toString().slice(1);
}

/** Without padding; for a long secret also as a part of something longer (`user:secret`), whatever comes before. */
function base64Forms(bytes: Uint8Array): string[] {
  const forms = [base64(bytes).replace(/=+$/, '')];
  if (bytes.length < MIN_EMBEDDED_BYTES) return forms;
  for (const offset of [0, 1, 2]) {
    const shifted = new Uint8Array(offset + bytes.length);
    shifted.set(bytes, offset);
    // The characters that hold bits of the neighbours are left out.
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor((shifted.length * 8) / 6);
    forms.push(base64(shifted).slice(first, last));
  }
  return forms;
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function htmlEscaped(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
