/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.torch;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

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

    /** Calls a method, and hands what it gives on, as it is. */
    void lend(Consumer<IValue> receiver, String method, Object... arguments) {
        try (IValue result = call(method, arguments)) {
            receiver.accept(result);
        }
    }

    /** Calls a method with a float32 tensor of one dimension in front of the other arguments. */
    void runWith(float[] tensor, String method, Object... arguments) {
        try (PtNDArray array = (PtNDArray) manager.create(tensor);
                IValue value = IValue.from(array)) {
            List<Object> all = new ArrayList<>(List.of(arguments));
            all.add(0, value);
            run(method, all.toArray());
        }
    }

    /**
     * Calls a method that has no arguments and gives a float64 tensor, out of inference mode: autograd works there once the
     * code has switched it on, and tensors that are made can be trained.
     */
    double[] train(String method) {
        JniUtils.setGraphExecutorOptimize(false); // see asItStands
        try (PtNDArray name = (PtNDArray) manager.create(0f)) {
            name.setName("module_method:" + method);
            try (NDList result = IValueUtils.forward(block, new NDList(name), true)) {
                return result.singletonOrThrow().toDoubleArray();
            }
        } finally {
            JniUtils.setGraphExecutorOptimize(true);
            // An error may have left it on, and what runs next on this thread would keep all that it computes.
            JniUtils.setGradMode(false);
        }
    }

    /**
     * Runs a task whose calls change attributes. libtorch's optimizer can't be trusted with that: it makes one constant of all
     * empty lists or maps in a method, which attributes then share and which does not stay empty, and takes writes through
     * lists of tensors for dead. In the task, code runs as it stands.
     */
    static void asItStands(Runnable task) {
        JniUtils.setGraphExecutorOptimize(false);
        try {
            task.run();
        } finally {
            JniUtils.setGraphExecutorOptimize(true);
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
            for (int i = 0; i < values.length; i++) {
                if (values[i] != null && !(arguments[i] instanceof IValue)) { // who lent one closes it
                    values[i].close();
                }
            }
        }
    }

    private static IValue value(Object argument) {
        return switch (argument) {
            case IValue lent -> lent;
            case Double d -> IValue.from(d);
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
