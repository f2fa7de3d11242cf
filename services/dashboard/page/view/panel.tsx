/**
 * A part of the page with a heading.
 */
import type { ComponentChildren } from 'preact';

export function Panel(props: {
  /** Names the part for links and for screen readers. */
  readonly id: string;
  readonly title: string;
  /** Stands beside the heading. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}) {
  const { id, title, aside, children } = props;
  return (
    <section class="panel" id={id} aria-labelledby={`${id}-title`}>
      <div class="panel-head">
        <h2 id={`${id}-title`}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
