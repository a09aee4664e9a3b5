import { CORE_SCHEMA, defineScalarTag, intCoreTag, mergeTag, NOT_RESOLVED } from 'js-yaml';

const STANDARD_PREFIX = 'tag:yaml.org,2002:';

/** Whole numbers that a double cannot hold stay text, digit for digit: two different ones must never look the same. */
const exactIntegers = defineScalarTag(intCoreTag.tagName, {
  ...intCoreTag,
  resolve: (source, isExplicit, tagName) => {
    const value = intCoreTag.resolve(source, isExplicit, tagName);
    if (value === NOT_RESOLVED || Number.isSafeInteger(value)) return value;
    return source;
  },
});

/** Of YAML's own types. */
const OWN_TYPES = new Set(['binary', 'timestamp', 'value', 'yaml', 'omap', 'pairs', 'set']);

/**
 * `!!timestamp` and the like mean nothing here: the text is kept as it was written. What is no type of YAML's (`!!python/name:…`)
 * makes other readers run things, so it is kept before the text, to be seen.
 */
const otherStandardTags = defineScalarTag<string>(STANDARD_PREFIX, {
  matchByTagPrefix: true,
  resolve: (source, _isExplicit, tagName) => {
    const type = tagName.slice(STANDARD_PREFIX.length);
    return OWN_TYPES.has(type) ? source : `!!${type} ${source}`;
  },
  identify: () => false,
});

/** `!Ref name` becomes the text `!Ref name`: nothing is run, and a changed tag is still a change. */
const customTags = defineScalarTag<string>('!', {
  matchByTagPrefix: true,
  resolve: (source, _isExplicit, tagName) => `${tagName} ${source}`,
  identify: () => false,
});

/** YAML 1.2's core schema (dates are plain text in it) with `<<` merging, and tags as text. */
export const definitionSchema = CORE_SCHEMA.withTags(mergeTag, exactIntegers, otherStandardTags, customTags);
