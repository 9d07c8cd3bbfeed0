/* SPDX-License-Identifier: Apache-2.0 */
/** For whoever trains a policy elsewhere: writes groups of rollouts, and reads them again with their rewards and advantages. */
package dev.kritik.client;
