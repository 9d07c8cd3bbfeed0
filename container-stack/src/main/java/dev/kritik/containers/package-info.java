/* SPDX-License-Identifier: Apache-2.0 */
/** The stack of the tests in containers. Built with the profile "containers" only, and on the class path of tests only. */
package dev.kritik.containers;
