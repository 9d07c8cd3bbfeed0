/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A TorchScript object whose methods can be called. For one thread at a time. */
final class ScriptModule implements AutoCloseable {

    private final PtNDManager manager;
    private final PtSymbolBlock block;

    private ScriptModule(PtNDManager manager, PtSymbolBlock block) {
        this.manager = manager;
        this.block = block;
    }

    /**
     * Loads an archive; what it gives back is on the manager's device. The manager is closed with it, also when this fails.
     *
     * @throws ai.djl.engine.EngineException where libtorch's compiler refuses the code
     */
    static ScriptModule load(byte[] archive, PtNDManager manager) {
        try {
            PtSymbolBlock block = JniUtils.loadModule(manager, new ByteArrayInputStream(archive), false, false);
            return new ScriptModule(manager, block);
        } catch (IOException e) { // reads from memory
            manager.close();
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** Calls a method that gives nothing back. */
    void run(String method, Object... arguments) {
        call(method, arguments).close();
    }

    /** Calls a method that gives a whole number. */
    long runLong(String method, Object... arguments) {
        try (IValue result = call(method, arguments)) {
            return result.toLong();
        }
    }

    /** Calls a method that gives a float64 tensor; its elements, the last dimension closest together. */
    double[] runDoubles(String method, Object... arguments) {
        try (IValue result = call(method, arguments);
                PtNDArray array = result.toTensor(manager)) {
            return array.toDoubleArray();
        }
    }

    /** Calls a method that gives a float32 tensor; its elements, the last dimension closest together. */
    float[] runFloats(String method, Object... arguments) {
        try (IValue result = call(method, arguments);
                PtNDArray array = result.toTensor(manager)) {
            return array.toFloatArray();
        }
    }

    private IValue call(String method, Object... arguments) {
        IValue[] values = new IValue[arguments.length];
        try {
            for (int i = 0; i < arguments.length; i++) {
                values[i] = value(arguments[i]);
            }
            return IValueUtils.runMethod(block, method, values);
        } finally {
            for (IValue value : values) {
                if (value != null) {
                    value.close();
                }
            }
        }
    }

    private static IValue value(Object argument) {
        return switch (argument) {
            case Long n -> IValue.from(n);
            case Integer n -> IValue.from(n.longValue());
            case Boolean b -> IValue.from(b);
            case String s -> IValue.from(s);
            case long[] list -> IValue.listFrom(list);
            case double[] list -> IValue.listFrom(list);
            case List<?> list ->
                IValue.listFrom(list.stream().mapToLong(item -> (Long) item).toArray());
            default -> throw new IllegalArgumentException("no IValue for " + argument.getClass());
        };
    }

    @Override
    public void close() {
        block.close();
        manager.close();
    }
}
