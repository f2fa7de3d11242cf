/**
 * The dashboard: the page that the orchestrator serves.
 */
import { render } from 'preact';
import { begin } from './state/app.js';
import { Page } from './view/page.js';

begin();
const place = document.getElementById('page');
if (place !== null) render(<Page />, place);
