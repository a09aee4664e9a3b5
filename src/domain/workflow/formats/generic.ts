import { separateLayout } from './canvas-layout.ts';
import type { Format } from './format.ts';

/** Any other JSON or YAML document: compared by key, and lists by what names their items. */
export const generic: Format = {
  id: 'generic',
  title: 'JSON or YAML document',
  recognizes: () => true,
  read: (document) => {
    const { rest, layout } = separateLayout(document);
    const { name, ...others } = rest;
    const isNamed = typeof name === 'string';
    return {
      definition: {
        format: 'generic',
        ...(isNamed && { name }),
        executionMode: 'unspecified',
        steps: [],
        edges: [],
        triggers: [],
        emits: [],
        bindings: {},
        layout,
        rest: isNamed ? others : rest,
        document,
      },
    };
  },
};
