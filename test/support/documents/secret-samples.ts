/**
 * Secrets as services hand them out, made up. Put together here, so that nothing that looks at this repository takes them for real ones.
 */
const of = (...parts: string[]) => parts.join('');
const LETTERS =
  'aB3dE5gH7jK9mN1pQ2sT4vW6xY8zA0cD2fG4hJ6kL8nP0rS2tU4wX6yZ8bC1eF3gH5jK7mN9pQ1sT3vW5xY7zA9cD1fG3hJ5kL7nP9rS';

export const SAMPLES = {
  github: of('gh', 'p_', LETTERS.slice(0, 36)),
  openai: of('s', 'k-proj-', LETTERS.slice(0, 74), 'T3Blbk', 'FJ', LETTERS.slice(20, 94)),
  anthropic: of('s', 'k-ant-api03-', LETTERS.slice(0, 93), 'AA'),
  slack: of('xo', 'xb-123456789012-123456789012-', LETTERS.slice(0, 24)),
  stripe: of('s', 'k_live_', LETTERS.slice(0, 24)),
  google: of('AI', 'za', LETTERS.slice(0, 35)),
  aws: of('AK', 'IA', 'Q3EXA7MPLE2B5CD4'),
  jwt: of('ey', 'JhbGciOiJIUzI1NiJ9.', 'ey', 'JzdWIiOiIxMjM0NTY3ODkwIn0.', LETTERS.slice(0, 43)),
} as const;

/** A private key of several lines. */
export const PRIVATE_KEY = [
  of('-----BEGIN RSA PRI', 'VATE KEY-----'),
  LETTERS.slice(0, 64),
  LETTERS.slice(10, 74),
  of('-----END RSA PRI', 'VATE KEY-----'),
].join('\n');
