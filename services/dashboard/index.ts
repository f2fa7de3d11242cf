/**
 * What other folders may use of the dashboard: its settings, and how to serve it.
 */
export { dashboardKeys } from './config.js';
export { type DashboardOptions, type RunningDashboard, startDashboard } from './start.js';
