import { describe, expect, it } from 'vitest';
import { describeOldNode } from '../../../src/adapters/cli/needed-node.ts';

describe('the Node that Towpath needs', () => {
  it.each(['22.18.0', '22.19.1', '24.0.0', '30.1.0-nightly'])('is content with %s', (version) => {
    expect(describeOldNode(version)).toBeNull();
  });

  it.each(['22.17.9', '21.99.0', '9.0.0', '0.12.18'])('names itself to %s', (version) => {
    expect(describeOldNode(version)).toBe(
      `Towpath needs Node 22.18 or newer, and this is ${version}. Install a newer one (https://nodejs.org), then run it again.`,
    );
  });
});
