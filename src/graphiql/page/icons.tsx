/** Icon of the graph view. */
export function GraphIcon() {
  return (
    <svg viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true">
      <rect x="1.5" y="7.5" width="5" height="5" rx="1.2" />
      <rect x="13.5" y="2" width="5" height="5" rx="1.2" />
      <rect x="13.5" y="13" width="5" height="5" rx="1.2" />
      <path d="M6.5 10h3.2M13.5 4.5h-2c-1 0-1.8.8-1.8 1.8v7.4c0 1 .8 1.8 1.8 1.8h2" />
    </svg>
  );
}

/** Icon of the tasks view. */
export function TasksIcon() {
  return (
    <svg
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <path d="M2.5 5.5h15M2.5 14.5h15" opacity=".35" />
      <path d="M2.5 5.5h10M2.5 14.5h5" strokeWidth="2.5" />
    </svg>
  );
}
