/**
 * The dashboard: the page that the orchestrator serves.
 */
import { render } from 'preact';
import { begin } from './state/app.js';
import { gatherEvidence } from './state/evidence.js';
import { followFork } from './state/fork-view.js';
import { Page } from './view/page.js';

begin();
gatherEvidence();
followFork();
const place = document.getElementById('page');
if (place !== null) render(<Page />, place);
