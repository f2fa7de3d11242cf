/**
 * The colours of diagrams and reports, for light and dark. Blue and orange stay apart for every kind of colour vision, and none of them
 * carries a meaning alone: letters, words and line styles say the same.
 */
export const colours = `
:root { color-scheme: light dark;
  --ground: #ffffff; --band: #f4f5f7; --ink: #1c2430; --faint: #5b6675; --rule: #c6ccd4;
  --attack: #0b5cad; --retreat: #9a4a00; --lie: #b3123f; --good: #17693b; }
@media (prefers-color-scheme: dark) { :root {
  --ground: #14181f; --band: #1d232c; --ink: #e6eaf0; --faint: #a3adba; --rule: #46505d;
  --attack: #7db8f5; --retreat: #f0a35c; --lie: #ff86a0; --good: #7ed29b; } }
`;

export const diagramStyle = `
.diagram { background: var(--ground); font: 13px system-ui, sans-serif; }
.diagram text { fill: var(--ink); }
.diagram .faint { fill: var(--faint); font-size: 12px; }
.diagram .role { font-size: 11px; }
.diagram .traitor { fill: var(--lie); font-weight: 600; }
.diagram .commander { font-weight: 600; }
.diagram .band { fill: var(--band); }
.diagram .node { fill: none; stroke: var(--rule); }
.diagram .life { stroke: var(--rule); stroke-width: 1.5; }
.diagram .life.traitor { stroke: var(--lie); stroke-dasharray: 2 3; }
.diagram .close { stroke: var(--ink); stroke-width: 2; }
.diagram .arrow { fill: none; stroke-width: 1.5; }
.diagram .Attack { stroke: var(--attack); }
.diagram .Retreat { stroke: var(--retreat); }
.diagram .both { stroke: var(--faint); }
.diagram .absent { stroke: var(--faint); stroke-dasharray: 4 4; }
.diagram .lie { stroke-width: 5; }
.diagram .gap { stroke: var(--ground); stroke-width: 2; }
.diagram .even .gap { stroke: var(--band); }
.diagram .late { stroke-dasharray: 4 4; }
.diagram .label { paint-order: stroke; stroke: var(--ground); stroke-width: 4px; font-weight: 600; }
.diagram .even .label { stroke: var(--band); }
.diagram .label.Attack, .diagram .decided.Attack { fill: var(--attack); }
.diagram .label.Retreat, .diagram .decided.Retreat { fill: var(--retreat); }
.diagram .label.lied { fill: var(--lie); }
.diagram .label.absent { fill: var(--faint); stroke-dasharray: none; }
.diagram .decided { stroke: none; font-weight: 700; font-size: 15px; }
.diagram .write { fill: var(--ink); }
.diagram .moved rect { fill: var(--ground); stroke: var(--ink); stroke-dasharray: 5 3; }
.diagram .moved text { font-weight: 600; }
.diagram .fold { fill: none; stroke: var(--faint); stroke-width: 6; stroke-linecap: round; opacity: .45; }
`;
