import type { AnyBlock } from '@slack/types';
import { Component, type ReactNode } from 'react';

interface Props {
  block: AnyBlock;
  children: ReactNode;
}

/** Shows a line in place of a block whose drawing fails, and tries again when the block changes. */
export class BlockBoundary extends Component<Props, { failed: AnyBlock | null }> {
  override state: { failed: AnyBlock | null } = { failed: null };

  static getDerivedStateFromProps(
    props: Props,
    state: { failed: AnyBlock | null },
  ): { failed: AnyBlock | null } | null {
    return state.failed !== null && state.failed !== props.block ? { failed: null } : null;
  }

  override componentDidCatch(): void {
    this.setState({ failed: this.props.block });
  }

  static getDerivedStateFromError(): null {
    return null;
  }

  override render(): ReactNode {
    if (this.state.failed === null) return this.props.children;
    return <p className="not-shown">This “{this.props.block.type}” block could not be drawn.</p>;
  }
}
