/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.judge;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@link Faults#parse} for the command line. */
final class FaultsOption implements ITypeConverter<Faults> {

    @Override
    public Faults convert(String text) {
        try {
            return Faults.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
