/* SPDX-License-Identifier: Apache-2.0 */
/** The dashboard's HTTP side: the page, its data as JSON, live updates, and who may see them. Knows no Kafka. */
package dev.kritik.monitor.web;
