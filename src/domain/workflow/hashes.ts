import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Definition } from './definition.ts';
import type { JsonObject } from './json.ts';
import { logicOf } from './logic-of.ts';

/** SHA-256 (hex) of the canonical JSON (RFC 8785) of a whole document. It alone decides whether a push is new. */
export function contentHash(document: JsonObject): string {
  return sha256(canonicalize(document) ?? '');
}

/** SHA-256 (hex) of what a workflow does: without bindings, layout, names and noise. Equal ones differ in nothing functional. */
export function logicHash(definition: Definition): string {
  return sha256(canonicalize(logicOf(definition)) ?? '');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
