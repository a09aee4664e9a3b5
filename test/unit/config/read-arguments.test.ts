import { describe, expect, it } from 'vitest';
import { InvalidConfigurationError } from '../../../src/domain/configuration/invalid-configuration-error.ts';
import { readArguments } from '../../../src/read-arguments.ts';

describe('the command line of the server', () => {
  it('may be empty, or ask for a superseded file to be applied', () => {
    expect(readArguments([])).toEqual({ applyConfig: false });
    expect(readArguments(['--apply-config'])).toEqual({ applyConfig: true });
  });

  it('that holds anything else is refused, naming each word and what there is', () => {
    const read = () => readArguments(['--apply-config', '--aply-config', 'now']);
    expect(read).toThrow(InvalidConfigurationError);
    expect(read).toThrow(/--aply-config: is no option.*--apply-config[\s\S]*now: is no option/);
  });
});
