import type { CheckedBlock } from './blocks.ts';
import type { InteractiveElement } from './elements.ts';

/** An element that a person can use, with where it is. */
export interface PlacedElement {
  block: CheckedBlock;
  /** Index of its block. */
  blockIndex: number;
  element: InteractiveElement;
  /** From its block: `['elements', 0]`, `['accessory']` or `['element']`. */
  path: (string | number)[];
}

/** Every button, menu and input of some blocks, in reading order. */
export function interactiveElements(blocks: readonly CheckedBlock[]): PlacedElement[] {
  return blocks.flatMap((block, blockIndex): PlacedElement[] => {
    if (block.type === 'actions') {
      return block.elements.map((element, index) => ({ block, blockIndex, element, path: ['elements', index] }));
    }
    if (block.type === 'input') return [{ block, blockIndex, element: block.element, path: ['element'] }];
    if (block.type === 'section' && block.accessory && block.accessory.type !== 'image') {
      return [{ block, blockIndex, element: block.accessory, path: ['accessory'] }];
    }
    return [];
  });
}
