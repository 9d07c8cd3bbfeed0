/* SPDX-License-Identifier: Apache-2.0 */
/** How much the pipeline bears when the judge takes no time: {@code kritik bench ceiling}. */
package dev.kritik.ops.bench.ceiling;
