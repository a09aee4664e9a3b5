import { z } from 'zod';

/** An address of the web that carries no credentials. */
export const yamlWebAddress = z
  .string()
  .max(2_000)
  .refine(isWebAddress, { error: 'has to be an https address without a user name or password in it', abort: true });

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return ['https:', 'http:'].includes(url.protocol) && url.username === '' && url.password === '';
}
