/* SPDX-License-Identifier: Apache-2.0 */
/** What all trainings share: configuration, the loop over steps, and the folder of a run with its checkpoints and metrics. */
package dev.kritik.trainer.run;
