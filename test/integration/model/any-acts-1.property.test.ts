import { testAnyActs } from '../../support/model/any-acts.ts';

testAnyActs(1);
