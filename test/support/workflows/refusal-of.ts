import {
  InvalidDefinitionError,
  type ReadOptions,
  readDefinition,
} from '../../../src/domain/workflow/parse-document.ts';

/** The refusal that reading a source ends in. Fails the test when it is taken, or ends in anything else. */
export function refusalOf(source: string, options?: ReadOptions): InvalidDefinitionError {
  try {
    readDefinition(source, options);
  } catch (error) {
    if (error instanceof InvalidDefinitionError) return error;
    throw error;
  }
  throw new Error('the definition was taken, and should have been refused');
}
