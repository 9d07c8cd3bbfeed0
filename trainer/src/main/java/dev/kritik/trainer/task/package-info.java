/* SPDX-License-Identifier: Apache-2.0 */
/** Micro-tasks: queries whose best response is known for certain, and a scripted teacher. Pure. */
package dev.kritik.trainer.task;
