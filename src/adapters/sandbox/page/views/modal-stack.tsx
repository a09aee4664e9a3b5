import type { SandboxModal } from '../../protocol.ts';
import { Modal } from './modal.tsx';

/**
 * The open modals. All stay mounted, so that what was typed below is still there after going back,
 * but only the topmost one is a dialog on the screen.
 */
export function ModalStack({ modals }: { modals: readonly SandboxModal[] }) {
  const sorted = [...modals].sort((one, other) => one.depth - other.depth);
  return sorted.map((modal, at) => <Modal key={modal.id} modal={modal} isTop={at === sorted.length - 1} />);
}
