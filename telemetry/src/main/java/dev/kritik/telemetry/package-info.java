/* SPDX-License-Identifier: Apache-2.0 */
/** What every role tells about itself over HTTP: figures for Prometheus, and whether it lives and works. */
package dev.kritik.telemetry;
