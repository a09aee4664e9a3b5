import { describe, expect, it, vi } from 'vitest';
import { parseTowpathYaml } from '../../../src/domain/configuration/parse-towpath-yaml.ts';
import { warnOfGates } from '../../../src/warn-of-gates.ts';

const GATES = 'gates: [{ url: "https://gate.example/ask", secret: "${GATE_SECRET}" }]';
const warned = (production: string, publicUrl: string | null = null) => {
  const warn = vi.fn();
  const text = `environments:\n  - { name: development }\n  - { name: production, ${production} }\n`;
  warnOfGates(parseTowpathYaml(text, { fileName: 'towpath.yaml' }), publicUrl, { warn });
  return warn.mock.calls.map(([{ environments }]) => environments);
};

describe('a start with gates', () => {
  it('warns where they have nowhere to answer to, also where only some workflows are asked more', () => {
    expect(warned(`requires: { ${GATES} }`)).toEqual([['production']]);
    expect(warned(`stricter: [{ workflows: [refund-flow], requires: { ${GATES} } }]`)).toEqual([['production']]);
  });

  it('is silent where they have, or where there are none', () => {
    expect(warned(`requires: { ${GATES} }`, 'https://towpath.example.com')).toEqual([]);
    expect(warned('requires: { tests: {} }')).toEqual([]);
  });
});
