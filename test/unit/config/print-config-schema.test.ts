import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

const printed = execFileSync(process.execPath, ['src/adapters/cli/print-config-schema.ts'], { encoding: 'utf8' });
type Node = {
  properties?: Record<string, Node>;
  items?: Node;
  anyOf?: Node[];
  additionalProperties?: unknown;
  description?: string;
};
const schema = JSON.parse(printed) as Node;

/** Every object schema below a node, with the path to it. */
function objectsIn(node: Node, path = ''): [string, Node][] {
  const below = [
    ...Object.entries(node.properties ?? {}).flatMap(([key, child]) => objectsIn(child, `${path}.${key}`)),
    ...(node.items ? objectsIn(node.items, `${path}[]`) : []),
    ...(node.anyOf ?? []).flatMap((child) => objectsIn(child, path)),
    ...(typeof node.additionalProperties === 'object' ? objectsIn(node.additionalProperties as Node, `${path}.*`) : []),
  ];
  return node.properties ? [[path, node], ...below] : below;
}

describe('the JSON Schema of towpath.yaml', () => {
  it('describes every key, and lets editors mark unknown ones', () => {
    const objects = objectsIn(schema);
    expect(objects.length).toBeGreaterThan(5);
    for (const [path, node] of objects) {
      expect(node.additionalProperties, path).toBe(false);
      for (const [key, child] of Object.entries(node.properties ?? {}))
        expect(child.description, `${path}.${key}`).toMatch(/./);
    }
  });

  it('takes a file with the defaults left out, and not one with a wrong role', () => {
    const check = z.fromJSONSchema(JSON.parse(printed));
    expect(check.safeParse({ people: { U0ADA: 'admin' } }).success).toBe(true);
    expect(check.safeParse({ defaultRole: 'owner' }).success).toBe(false);
    expect(
      check.safeParse({ environments: [{ name: 'a' }, { name: 'b', approvals: [{ role: 'lead' }] }] }).success,
    ).toBe(true);
  });
});
