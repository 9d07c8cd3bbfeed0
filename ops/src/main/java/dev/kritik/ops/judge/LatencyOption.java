/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@link Latency#parse} for the command line. */
final class LatencyOption implements ITypeConverter<Latency> {

    @Override
    public Latency convert(String text) {
        try {
            return Latency.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
