import type { JsonObject } from '../json.ts';
import { separateLayout } from './canvas-layout.ts';
import type { Format } from './format.ts';

/** Any other JSON or YAML document: compared by key, and lists by what names their items. */
export const generic: Format = {
  id: 'generic',
  title: 'JSON or YAML document',
  recognizes: () => true,
  read: (document) => {
    const { rest, layout } = separateLayout(document);
    const { name } = rest;
    return {
      definition: {
        format: 'generic',
        ...(typeof name === 'string' && { name }),
        executionMode: 'unspecified',
        steps: [],
        edges: [],
        triggers: [],
        emits: [],
        bindings: {},
        layout,
        rest: typeof name === 'string' ? withoutName(rest) : rest,
        document,
      },
    };
  },
};

function withoutName({ name: _name, ...others }: JsonObject): JsonObject {
  return others;
}
