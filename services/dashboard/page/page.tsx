/**
 * The dashboard: the page that the orchestrator serves.
 */
import { render } from 'preact';
import { begin } from './state/app.js';
import { gatherEvidence } from './state/evidence.js';
import { Page } from './view/page.js';

begin();
gatherEvidence();
const place = document.getElementById('page');
if (place !== null) render(<Page />, place);
